// Single cells of two heads beside each other: which one is walked to, and what it says of both sides.
import { decimals, percent, signed } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { tokensOf } from "./asked.js";
import { nameOf, unitsOf } from "./axes.js";
import { quoted } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").HeadPairAnswer} HeadPairAnswer */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */
/** @typedef {ReturnType<typeof import("./asked.js").stacksOf>} Stacks */
/**
 * Both heads' numbers, unpacked, and which cells of one are which of the other.
 * @typedef {object} Pair
 * @property {HeadPairAnswer} answer
 * @property {Sides} sides
 * @property {{ one: Float32Array, other: Float32Array, difference: Float32Array }} values
 * @property {{ one: Stacks, other: Stacks }} stacks
 * @property {Map<number, number>} rows  positions of side B by those of side A
 * @property {Map<number, number>} columns
 */

/**
 * The drawn cell that stands for a token.
 * @param {Axis} axis
 * @param {number} position
 */
export const cellOf = ({ first, step, drawn }, position) =>
  Math.max(0, Math.min(drawn - 1, Math.floor((position - first) / step)));

/**
 * The first token that a drawn cell stands for.
 * @param {Axis} axis
 * @param {number} cell
 */
export const positionAt = (axis, cell) => unitsOf(axis, cell)[0];

/**
 * The cell of side B that stands for a cell of side A; −1 where it has no counterpart.
 * @param {Map<number, number>} found
 * @param {Axis} axis
 * @param {Axis} otherAxis
 * @param {number} cell
 */
export function cellBeside(found, axis, otherAxis, cell) {
  if (cell < 0) return -1;
  const [first, last] = unitsOf(axis, cell);
  for (let position = first; position < last; position += 1) {
    const there = found.get(position);
    if (there !== undefined) return cellOf(otherAxis, there);
  }
  return -1;
}

/**
 * The column of a row where both sides differ most; −1 where nothing can be compared or nothing differs.
 * @param {Float32Array} difference
 * @param {number} columns
 * @param {number} row
 */
export function mostDifferentIn(difference, columns, row) {
  let [best, most] = [-1, 0];
  for (let column = 0; column < columns; column += 1) {
    const apart = Math.abs(difference[row * columns + column]);
    if (apart > most) [best, most] = [column, apart];
  }
  return best;
}

/**
 * What stands under the maps: the row, and of one of its cells what both sides give it.
 * @param {Pair} pair
 * @param {Cell} cell  of side A's picture; column −1 for the one that differs most
 * @returns {string}
 */
export function readout({ answer, sides, values, stacks, rows, columns }, { row, column }) {
  const { one, other } = answer;
  const width = one.columns.drawn;
  const isFound = column < 0;
  const at = isFound ? mostDifferentIn(values.difference, width, row) : column;
  const name = (
    /** @type {Axis} */ axis,
    /** @type {import("./asked.js").Stack} */ stack,
    /** @type {number} */ place,
  ) => quoted(nameOf(axis, tokensOf(sides.main, stack), ...unitsOf(axis, place)));
  const from = name(one.rows, stacks.one.row, row);
  if (cellBeside(rows, one.rows, other.rows, row) < 0) return _("{from} has no counterpart on side B.", { from });
  if (at < 0) return _("From {from} both sides look the same way.", { from });
  const to = name(one.columns, stacks.one.column, at);
  const place = row * width + at;
  const [there, below] = [
    cellBeside(rows, one.rows, other.rows, row),
    cellBeside(columns, one.columns, other.columns, at),
  ];
  if (below < 0)
    return _("{from} → {to}: A {share}; {to} has no counterpart on side B.", {
      from,
      to,
      share: shareText(values.one[place]),
    });
  const both = {
    ...{ from, to, one: shareText(values.one[place]), difference: points(values.difference[place]) },
    other: shareText(values.other[there * other.columns.drawn + below]),
  };
  if (Number.isNaN(values.difference[place])) return _("{from} cannot look at {to}, which comes later.", { from, to });
  return isFound
    ? _("From {from} they differ most at {to}: A {one}, B {other} ({difference} points).", both)
    : _("{from} → {to}: A {one}, B {other} ({difference} points).", both);
}

/** @param {number} share */
const shareText = (share) => (Number.isNaN(share) ? decimals(0, 0) : percent(share));

/** @param {number} difference */
export const points = (difference) => signed(100 * difference, 1);
