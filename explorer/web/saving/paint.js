// Colours, clips and texts as they stand in a printed picture.
import { escaped } from "../svg.js";

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

export const FAMILY = "'Source Sans Pro', system-ui, 'Segoe UI', sans-serif";
const MONOSPACE = "ui-monospace, Consolas, monospace";
const PLAIN = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/;

/** @type {Map<string, [string, number]>} */
const known = new Map();

/**
 * A CSS colour as every program that reads SVG knows it, and how opaque it is.
 * @param {string} css
 * @returns {[colour: string, opacity: number]}
 */
export function paint(css) {
  const found = known.get(css) ?? measured(css);
  known.set(css, found);
  return found;
}

/**
 * @param {string} css
 * @returns {[string, number]}
 */
function measured(css) {
  const plain = PLAIN.exec(css);
  if (plain) return [`rgb(${plain.slice(1, 4).join(",")})`, Number(plain[4] ?? 1)];
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return ["none", 0];
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return [`rgb(${red},${green},${blue})`, alpha / 255];
}

/** @param {number} value */
export const place = (value) => String(Math.round(value * 10) / 10);

/**
 * Attributes as they stand in a tag; those without a value are left out.
 * @param {Record<string, string | number | null | undefined>} given
 */
export const attributes = (given) =>
  Object.entries(given)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => ` ${name}="${escaped(typeof value === "number" ? place(value) : String(value))}"`)
    .join("");

/**
 * A colour as an attribute, with its opacity where it is not opaque.
 * @param {"fill" | "stroke"} name
 * @param {string} css
 */
export function painted(name, css) {
  const [colour, opacity] = paint(css);
  return { [name]: colour, [`${name}-opacity`]: opacity < 1 ? opacity.toFixed(3) : null };
}

/**
 * How a text is set: what differs from the picture's own type only.
 * @param {CSSStyleDeclaration} style
 */
export const typeOf = (style) => ({
  "font-size": Number.parseFloat(style.fontSize),
  "font-weight": Number(style.fontWeight) >= 600 ? 700 : null,
  "font-style": style.fontStyle === "italic" ? "italic" : null,
  "font-family": /mono/i.test(style.fontFamily) ? MONOSPACE : null,
  "text-decoration": style.textDecorationLine === "none" ? null : style.textDecorationLine,
});

/**
 * @param {Box} one
 * @param {Box} other
 * @returns {Box}
 */
export const common = (one, other) => ({
  left: Math.max(one.left, other.left),
  top: Math.max(one.top, other.top),
  right: Math.min(one.right, other.right),
  bottom: Math.min(one.bottom, other.bottom),
});

/** @param {Box} box */
export const isEmpty = ({ left, top, right, bottom }) => right - left < 0.5 || bottom - top < 0.5;
