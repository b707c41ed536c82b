// Text of the page as texts of a picture: each piece on one line, where the browser has set it, in any direction.
import { escaped } from "../svg.js";
import { attributes, painted, typeOf } from "./paint.js";

/** @typedef {import("./paint.js").Box} Box */
/** @typedef {{ text: string, box: DOMRect }} Piece */

const WORD = /\S+/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * @param {Node} node
 * @param {number} start
 * @param {number} end
 */
function rectangles(node, start, end) {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return [...range.getClientRects()].filter(({ width }) => width > 0);
}

/**
 * A word where it stands; one that is broken between lines, in as many pieces as lines.
 * @param {Text} node
 * @param {string} word
 * @param {number} start
 * @returns {Piece[]}
 */
function placed(node, word, start) {
  const whole = rectangles(node, start, start + word.length);
  if (whole.length < 2) return whole.map((box) => ({ text: word, box }));
  /** @type {Piece[]} */
  const pieces = [];
  let at = start;
  for (const character of word) {
    const [box] = rectangles(node, at, at + character.length);
    const last = pieces.at(-1);
    if (box && last && Math.abs(last.box.top - box.top) < 2) {
      last.text += character;
      last.box = spanning(last.box, box);
    } else if (box) pieces.push({ text: character, box });
    at += character.length;
  }
  return pieces;
}

/**
 * @param {DOMRect} one
 * @param {DOMRect} other
 */
function spanning(one, other) {
  const left = Math.min(one.left, other.left);
  return new DOMRect(left, one.top, Math.max(one.right, other.right) - left, one.height);
}

/**
 * Words that follow each other on a line are one piece, so that a picture's text can be edited and searched.
 * @param {Piece[]} pieces
 */
function joined(pieces) {
  /** @type {Piece[]} */
  const lines = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const gap = last ? piece.box.left - last.box.right : 0;
    const follows = last && Math.abs(last.box.top - piece.box.top) < 2 && gap >= 0 && gap < piece.box.height / 2;
    if (last && follows && !RIGHT_TO_LEFT.test(last.text + piece.text)) {
      last.text += (gap > 1 ? " " : "") + piece.text;
      last.box = spanning(last.box, piece.box);
    } else lines.push({ ...piece });
  }
  return lines;
}

/**
 * What of a piece can be seen: a text that its box cuts off ends in an ellipsis.
 * @param {Piece} piece
 * @param {Box} clip
 * @returns {Piece | null}
 */
function seen({ text, box }, clip) {
  const middle = (box.top + box.bottom) / 2;
  if (box.left >= clip.right - 1 || box.right <= clip.left + 1 || middle < clip.top || middle > clip.bottom)
    return null;
  if (box.right <= clip.right + 1) return { text, box };
  const characters = [...text];
  const count = Math.max(1, Math.floor((characters.length * (clip.right - box.left)) / box.width) - 1);
  const width = (box.width * (count + 1)) / characters.length;
  return { text: `${characters.slice(0, count).join("")}…`, box: new DOMRect(box.left, box.top, width, box.height) };
}

/**
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 * @param {Box} clip
 * @param {(box: Box) => void} grow  told of every piece
 * @returns {string}
 */
export function printedText(node, style, clip, grow) {
  const words = [...node.data.matchAll(WORD)].flatMap(({ 0: word, index }) => placed(node, word, index));
  const pieces = joined(words).flatMap((piece) => seen(piece, clip) ?? []);
  const upper = style.textTransform === "uppercase";
  const type = { ...typeOf(style), ...painted("fill", style.color) };
  return pieces
    .map(({ text, box }) => {
      grow(box);
      // The box of a line of text is as high as its font; four fifths of it stand above the baseline.
      const y = box.top + box.height * ASCENT;
      const fitted = { textLength: box.width, lengthAdjust: "spacingAndGlyphs" };
      const written = escaped(upper ? text.toUpperCase() : text);
      return `<text${attributes({ x: box.left, y, ...type, ...fitted })}>${written}</text>`;
    })
    .join("");
}

const ASCENT = 0.79;

/**
 * A text that stands on its side or aslant, whole, turned about its middle.
 * @param {HTMLElement} element
 * @param {CSSStyleDeclaration} style
 * @param {number} degrees
 */
export function turnedText(element, style, degrees) {
  const box = element.getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const type = { ...typeOf(style), ...painted("fill", style.color) };
  const turned = { transform: `translate(${x},${y}) rotate(${degrees})`, "text-anchor": "middle", dy: "0.35em" };
  return `<text${attributes({ ...turned, ...type })}>${escaped(element.textContent?.trim() ?? "")}</text>`;
}
