// The sheet a picture is saved on: title, caption, the picture, what it was made with, and the link as a code.
import { cssVariable } from "../colour.js";
import { escaped } from "../svg.js";
import { attributes, FAMILY } from "./paint.js";

/** @typedef {import("./printed.js").Printed} Printed */
/** @typedef {import("./about.js").About} About */
/** @typedef {{ path: string, modules: number }} Code */
/** @typedef {{ y: number, body: string }} Part */

const MARGIN = 24;
const NARROWEST = 560;
const MODULE = 2; // pixels a module of the code is wide
const LINE = 1.3;
const TITLE = { size: 24, weight: 700 };
const CAPTION = { size: 17, weight: 400 };
const SMALL = { size: 13, weight: 400 };

/**
 * How wide the browser sets a text.
 * @type {(text: string, type: { size: number, weight: number }) => number}
 */
function widthOf(text, { size, weight }) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return text.length * size * 0.5;
  context.font = `${weight} ${size}px ${FAMILY}`;
  return context.measureText(text).width;
}

/**
 * A text in lines that are no wider than the sheet; a word that is wider is cut between characters.
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} measure
 * @returns {string[]}
 */
export function wrapped(text, width, measure) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...pieces(word, width, measure));
  }
  return lines;
}

/** @type {(word: string, width: number, measure: (text: string) => number) => string[]} */
function pieces(word, width, measure) {
  if (measure(word) <= width) return [word];
  /** @type {string[]} */
  const found = [""];
  for (const character of word) {
    if (measure(found[found.length - 1] + character) > width) found.push("");
    found[found.length - 1] += character;
  }
  return found;
}

/**
 * Lines of text from `y` downwards.
 * @param {string} text
 * @param {number} y
 * @param {number} width
 * @param {{ size: number, weight: number }} type
 * @param {string} colour
 * @returns {Part}
 */
function paragraph(text, y, width, type, colour) {
  const lines = wrapped(text, width, (part) => widthOf(part, type));
  const look = { "font-size": type.size, "font-weight": type.weight, fill: colour };
  const written = lines.map((line, index) => {
    const base = y + type.size * (1 + index * LINE);
    const fitted = { textLength: Math.min(width, widthOf(line, type)), lengthAdjust: "spacingAndGlyphs" };
    return `<text${attributes({ x: MARGIN, y: base, ...look, ...fitted })}>${escaped(line)}</text>`;
  });
  return { y: y + lines.length * type.size * LINE, body: written.join("") };
}

/**
 * The whole sheet in the colours of the page as they are now.
 * @param {Printed} picture
 * @param {About} about
 * @param {Code | null} code
 * @returns {{ svg: string, width: number, height: number }}
 */
export function sheet(picture, about, code) {
  const [ink, quiet, card] = ["--ink", "--quiet", "--card"].map((name) => cssVariable(name));
  const width = Math.max(NARROWEST, Math.ceil(picture.width)) + 2 * MARGIN;
  const inner = width - 2 * MARGIN;
  const title = paragraph(about.title, MARGIN, inner, TITLE, ink);
  const caption = paragraph(about.caption, title.y + 4, inner, CAPTION, ink);
  const top = caption.y + 12;
  const drawn = `<g transform="translate(${MARGIN - picture.left},${top - picture.top})">${picture.body}</g>`;
  const below = top + picture.height + 16;
  const side = code ? code.modules * MODULE : 0;
  const settings = paragraph(about.words, below, inner - (side ? side + 16 : 0), SMALL, quiet);
  const height = Math.ceil(Math.max(settings.y, below + side) + MARGIN);
  const parts = [
    title.body,
    caption.body,
    drawn,
    settings.body,
    code ? drawnCode(code, width - MARGIN - side, below) : "",
  ];
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FAMILY };
  const start = `<svg xmlns="http://www.w3.org/2000/svg"${attributes(size)}>`;
  const ground = `<rect width="100%" height="100%" fill="${card}"/>`;
  return { svg: `${start}${ground}${parts.join("\n")}</svg>\n`, width, height };
}

/** @type {(code: Code, x: number, y: number) => string} */
function drawnCode({ path, modules }, x, y) {
  const ground = `<rect width="${modules}" height="${modules}" fill="#fff"/>`;
  const place = `translate(${x},${y}) scale(${MODULE})`;
  return `<g transform="${place}" shape-rendering="crispEdges">${ground}<path d="${path}" fill="#000"/></g>`;
}
