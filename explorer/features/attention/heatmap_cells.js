// Single cells of the heatmap: which one is pointed at or walked to, and what it says.
import { cut, decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { nameOf, unitsOf } from "./axes.js";

/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {import("./axes.js").TokenRow} TokenRow */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */
/** @typedef {{ rows: Axis, columns: Axis }} Axes */

const NAME_CHARACTERS = 40;
const SMALLEST = 0.0001; // what four decimals can tell from nothing

/** @type {Record<string, [down: number, right: number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The drawn cell at a place in units; null outside.
 * @param {Axes} axes
 * @param {number} x
 * @param {number} y
 * @returns {Cell | null}
 */
export function cellAt({ rows, columns }, x, y) {
  /** @type {(axis: Axis, place: number) => number} */
  const cell = (axis, place) => Math.floor((Math.round(place) - axis.first) / axis.step);
  const [row, column] = [cell(rows, y), cell(columns, x)];
  return row >= 0 && row < rows.drawn && column >= 0 && column < columns.drawn ? { row, column } : null;
}

/**
 * Where an arrow key leads; it enters at the upper left corner. Null for other keys.
 * @param {Axes} axes
 * @param {Cell | null} cursor
 * @param {string} key
 * @returns {Cell | null}
 */
export function moved({ rows, columns }, cursor, key) {
  if (!(key in MOVES)) return null;
  if (!cursor) return { row: 0, column: 0 };
  const [down, right] = MOVES[key];
  /** @type {(value: number, count: number) => number} */
  const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
  return { row: clamp(cursor.row + down, rows.drawn), column: clamp(cursor.column + right, columns.drawn) };
}

/** @param {number} value */
export function valueText(value) {
  if (Number.isNaN(value)) return _("left out");
  return value !== 0 && Math.abs(value) < SMALLEST ? value.toExponential(2) : decimals(value, 4);
}

/**
 * The tokens of a row or column, with their positions.
 * @param {Axis} axis
 * @param {readonly TokenRow[]} tokens
 * @param {number} cell
 */
export function cellName(axis, tokens, cell) {
  const [first, last] = unitsOf(axis, cell);
  const places = last - first > 1 ? `${first}–${last - 1}` : String(first);
  return `${cut(nameOf(axis, tokens, first, last), NAME_CHARACTERS)} (${places})`;
}
