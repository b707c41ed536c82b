// Pictures written as SVG text with the strokes that a canvas context has; only those that our pictures use.

/** @import { Rgb } from "./colour.js" */
import { cssOf } from "./colour.js";

/**
 * What draws: a canvas context, or `SvgPen`.
 * @typedef {Pick<CanvasRenderingContext2D, "beginPath" | "moveTo" | "lineTo" | "arc" | "stroke" | "fillRect" |
 *   "fillText" | "font" | "fillStyle" | "strokeStyle" | "lineWidth" | "textBaseline"> &
 *   {measureText: (text: string) => {width: number}}} Pen
 */

// Control characters and halves of characters may not stand in XML, not even as references.
const FORBIDDEN = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;
/** @type {Record<string, string>} */
const NAMED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} text */
export const escaped = (text) => text.replace(/[&<>"]/g, (character) => NAMED[character]).replace(FORBIDDEN, "");

/** @param {number} value */
const place = (value) => value.toFixed(1);

/**
 * How wide a browser writes a text.
 * @returns {(text: string, font: string) => number}
 */
function canvasMeasure() {
  const context = document.createElement("canvas").getContext("2d");
  return (text, font) => {
    if (!context) return 0;
    context.font = font;
    return context.measureText(text).width;
  };
}

/** Writes what a canvas context would draw; `text()` is the picture. */
export class SvgPen {
  font = "12px system-ui, sans-serif";
  /** @type {CanvasRenderingContext2D["fillStyle"]} */
  fillStyle = "";
  /** @type {CanvasRenderingContext2D["strokeStyle"]} */
  strokeStyle = "";
  lineWidth = 1;
  /** @type {CanvasTextBaseline} */
  textBaseline = "middle";
  #path = "";
  /** @type {string[]} */
  #parts;
  /** @type {(text: string, font: string) => number} */
  #measure;

  /** @param {{width: number, height: number, background: Rgb, title: string,
   *   measure?: (text: string, font: string) => number}} picture */
  constructor({ width, height, background, title, measure }) {
    this.#measure = measure ?? canvasMeasure();
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    this.#parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
      `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="${cssOf(background)}"/>`,
    ];
  }

  /** @type {(path: string, colour: string, width: number) => void} */
  dots(path, colour, width) {
    const stroke = `stroke="${colour}" stroke-width="${width}" stroke-linecap="round"`;
    this.#parts.push(`<path d="${path}" ${stroke} fill="none"/>`);
  }

  beginPath() {
    this.#path = "";
  }

  /** @type {(x: number, y: number) => void} */
  moveTo(x, y) {
    this.#path += `M${place(x)} ${place(y)}`;
  }

  /** @type {(x: number, y: number) => void} */
  lineTo(x, y) {
    this.#path += `L${place(x)} ${place(y)}`;
  }

  /**
   * A whole circle, whatever the angles.
   * @type {(x: number, y: number, radius: number, from?: number, to?: number) => void}
   */
  arc(x, y, radius) {
    const size = place(2 * radius);
    const half = `a${radius} ${radius} 0 1 0`;
    this.#path += `M${place(x - radius)} ${place(y)}${half} ${size} 0${half} -${size} 0`;
  }

  stroke() {
    this.#parts.push(
      `<path d="${this.#path}" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" fill="none"/>`,
    );
  }

  /** @param {string} text */
  measureText(text) {
    return { width: this.#measure(text, this.font) };
  }

  /** @type {(left: number, top: number, width: number, height: number) => void} */
  fillRect(left, top, width, height) {
    const box = `x="${place(left)}" y="${place(top)}" width="${place(width)}" height="${place(height)}"`;
    this.#parts.push(`<rect ${box} fill="${this.fillStyle}"/>`);
  }

  /** @type {(text: string, x: number, y: number) => void} */
  fillText(text, x, y) {
    const weight = this.font.startsWith("600") ? ' font-weight="600"' : "";
    const size = Number.parseFloat(this.font.replace("600 ", ""));
    const middle = this.textBaseline === "middle" ? y + size / 3 : y;
    const font = `font-family="system-ui, sans-serif" font-size="${size}"${weight}`;
    this.#parts.push(
      `<text x="${place(x)}" y="${place(middle)}" ${font} fill="${this.fillStyle}">${escaped(text)}</text>`,
    );
  }

  text() {
    return `${this.#parts.join("\n")}\n</svg>\n`;
  }
}

/**
 * An SVG picture that says in itself what it shows.
 * @param {string} svg
 * @param {{title: string, description?: string, metadata?: unknown}} about
 */
export function described(svg, { title, description, metadata }) {
  const parts = [`<title>${escaped(title)}</title>`];
  if (description !== undefined) parts.push(`<desc>${escaped(description)}</desc>`);
  if (metadata !== undefined) parts.push(`<metadata>${escaped(JSON.stringify(metadata))}</metadata>`);
  return svg.replace(/<svg[^>]*>/, (start) => start + parts.join(""));
}
