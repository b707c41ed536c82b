// Boxes of the page as shapes of a picture: ground, border, the bars that inset shadows draw, legends' gradients.
import { attributes, common, isEmpty, paint, painted } from "./paint.js";

/** @typedef {import("./paint.js").Box} Box */

const SIDES = /** @type {const} */ (["Top", "Right", "Bottom", "Left"]);
const INSET = /(rgba?\([^)]*\)|color\([^)]*\)) (-?[\d.]+)px (-?[\d.]+)px ([\d.]+)px ([\d.]+)px inset/g;
const GRADIENT = /^linear-gradient\((?:(-?[\d.]+)deg, |to (right|bottom), )?(.*)\)$/;
const STOP = /((?:rgba?|color)\([^)]*\))(?: ([\d.]+)%)?/g;

let gradients = 0;

/**
 * @param {Box} box
 * @param {number} [radius]
 */
const rectangle = ({ left, top, right, bottom }, radius = 0) => ({
  ...{ x: left, y: top, width: right - left, height: bottom - top },
  rx: radius ? Math.min(radius, (right - left) / 2, (bottom - top) / 2) : null,
});

/**
 * @param {HTMLElement} element
 * @param {CSSStyleDeclaration} style
 * @param {Box} clip
 */
export function printedBox(element, style, clip) {
  // A box in a line of text has a piece on each line that it runs over.
  const pieces = style.display === "inline" ? [...element.getClientRects()] : [element.getBoundingClientRect()];
  return pieces.map((piece) => printedPiece(piece, style, clip)).join("");
}

/**
 * @param {DOMRect} whole
 * @param {CSSStyleDeclaration} style
 * @param {Box} clip
 */
function printedPiece(whole, style, clip) {
  const box = common(whole, clip);
  if (isEmpty(box)) return "";
  const isWhole = box.right - box.left > whole.width - 1 && box.bottom - box.top > whole.height - 1;
  const radius = isWhole ? Number.parseFloat(style.borderTopLeftRadius) || 0 : 0;
  return ground(style, box, radius) + shadows(style, box) + borders(style, box, radius) + outline(style, box, radius);
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 * @param {number} radius
 */
function ground(style, box, radius) {
  const plain = paint(style.backgroundColor)[1] ? tag({ ...rectangle(box, radius), ...fill(style) }) : "";
  const found = GRADIENT.exec(style.backgroundImage);
  return found ? plain + gradient(found, box, radius) : plain;
}

/** @param {CSSStyleDeclaration} style */
const fill = (style) => painted("fill", style.backgroundColor);

/** @param {Record<string, string | number | null | undefined>} given */
const tag = (given) => `<rect${attributes(given)}/>`;

/**
 * @param {RegExpExecArray} found
 * @param {Box} box
 * @param {number} radius
 */
function gradient([, degrees, way, stops], box, radius) {
  const colours = [...stops.matchAll(STOP)];
  const angle = degrees === undefined ? (way === "right" ? 90 : 180) : Number(degrees);
  const turned = (angle * Math.PI) / 180;
  const [x, y] = [Math.sin(turned) / 2, -Math.cos(turned) / 2];
  const name = `gradient-${++gradients}`;
  const written = colours.map(([, colour, share], index) => {
    const offset = share === undefined ? (100 * index) / Math.max(1, colours.length - 1) : Number(share);
    const [stop, opacity] = paint(colour);
    return `<stop offset="${offset}%" stop-color="${stop}" stop-opacity="${opacity}"/>`;
  });
  const ends = `x1="${0.5 - x}" y1="${0.5 - y}" x2="${0.5 + x}" y2="${0.5 + y}"`;
  const shape = tag({ ...rectangle(box, radius), fill: `url(#${name})` });
  return `<linearGradient id="${name}" ${ends}>${written.join("")}</linearGradient>${shape}`;
}

/**
 * The page draws marks under words and beside rows as shadows inside a box.
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 */
function shadows(style, box) {
  return [...style.boxShadow.matchAll(INSET)]
    .map(([, colour, across, down, , spread]) => {
      const [x, y, wide] = [across, down, spread].map(Number);
      if (wide) return tag({ ...rectangle(inside(box, wide / 2)), ...stroke(colour, wide) });
      const bar = { ...box };
      if (x) Object.assign(bar, x > 0 ? { right: box.left + x } : { left: box.right + x });
      if (y) Object.assign(bar, y > 0 ? { bottom: box.top + y } : { top: box.bottom + y });
      return x || y ? tag({ ...rectangle(bar), ...painted("fill", colour) }) : "";
    })
    .join("");
}

/**
 * @param {string} colour
 * @param {number} width
 */
const stroke = (colour, width) => ({ fill: "none", ...painted("stroke", colour), "stroke-width": width });

/**
 * @param {Box} box
 * @param {number} by
 * @returns {Box}
 */
const inside = ({ left, top, right, bottom }, by) => ({
  ...{ left: left + by, top: top + by, right: right - by, bottom: bottom - by },
});

/**
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 * @param {number} radius
 */
function borders(style, box, radius) {
  const sides = SIDES.map((side) => ({
    side,
    colour: style[`border${side}Color`],
    width: style[`border${side}Style`] === "none" ? 0 : Number.parseFloat(style[`border${side}Width`]),
    dashed: style[`border${side}Style`] === "dashed",
  }));
  const [first] = sides;
  const dashes = (/** @type {{dashed: boolean, width: number}} */ { dashed, width }) =>
    dashed ? `${3 * width} ${2 * width}` : null;
  if (sides.every(({ colour, width }) => colour === first.colour && width === first.width)) {
    if (!first.width || !paint(first.colour)[1]) return "";
    const frame = rectangle(inside(box, first.width / 2), radius);
    return tag({ ...frame, ...stroke(first.colour, first.width), "stroke-dasharray": dashes(first) });
  }
  return sides
    .filter(({ width, colour }) => width && paint(colour)[1])
    .map((one) => {
      const [x1, y1, x2, y2] = edge(one.side, box, one.width / 2);
      const line = { d: `M${x1} ${y1}L${x2} ${y2}`, "stroke-dasharray": dashes(one) };
      return `<path${attributes({ ...line, ...stroke(one.colour, one.width) })}/>`;
    })
    .join("");
}

/**
 * @param {typeof SIDES[number]} side
 * @param {Box} box
 * @param {number} by
 */
function edge(side, { left, top, right, bottom }, by) {
  if (side === "Top") return [left, top + by, right, top + by];
  if (side === "Bottom") return [left, bottom - by, right, bottom - by];
  return side === "Left" ? [left + by, top, left + by, bottom] : [right - by, top, right - by, bottom];
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 * @param {number} radius
 */
function outline(style, box, radius) {
  const width = Number.parseFloat(style.outlineWidth);
  if (!["solid", "dashed"].includes(style.outlineStyle) || !width) return "";
  const by = -Number.parseFloat(style.outlineOffset) - width / 2;
  return tag({ ...rectangle(inside(box, by), radius ? radius - by : 0), ...stroke(style.outlineColor, width) });
}
