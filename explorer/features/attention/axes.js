// What the rows and columns of a picture stand for: units (tokens, or words with edges in tokens) and drawn cells.
import { cut } from "../../web/format.js";
import { wordOf } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").AxisAnswer} Axis */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {[low: number, high: number]} Range */

const LABEL_CHARACTERS = 14;

/**
 * The tokens of the units `first` to `last` as one name.
 * @param {Pick<Axis, "groups">} axis
 * @param {readonly TokenRow[]} tokens
 * @param {number} first
 * @param {number} last
 */
export function nameOf({ groups }, tokens, first, last) {
  return wordOf(groups ? tokens.slice(groups[first], groups[last]) : tokens.slice(first, last));
}

/**
 * The unit that holds a token.
 * @param {Pick<Axis, "groups">} axis
 * @param {number} position
 */
export const unitAt = ({ groups }, position) => (groups ? groups.findLastIndex((edge) => edge <= position) : position);

/**
 * The first token of a unit.
 * @param {Pick<Axis, "groups">} axis
 * @param {number} unit
 */
export const positionOf = ({ groups }, unit) => (groups ? groups[unit] : unit);

/**
 * The drawn cells' edges; a unit is 1 wide, its middle at its number.
 * @param {Axis} axis
 */
export function edgesOf({ drawn, first, step, last }) {
  return [...Array.from({ length: drawn }, (_, cell) => first + cell * step - 0.5), last - 0.5];
}

/**
 * The units a drawn cell stands for: the first, and one past the last.
 * @param {Axis} axis
 * @param {number} cell
 * @returns {[number, number]}
 */
export const unitsOf = ({ first, step, last }, cell) => [
  first + cell * step,
  Math.min(last, first + (cell + 1) * step),
];

/**
 * Where everything lies.
 * @param {Pick<Axis, "count">} axis
 * @returns {Range}
 */
export const fullRange = ({ count }) => [-0.5, count - 0.5];

/**
 * The units with a label, as many as fit.
 * @param {number} count
 * @param {Range} range
 * @param {number} pixels
 * @param {number} line  pixels that a label takes
 */
export function ticked(count, [low, high], pixels, line) {
  const first = Math.max(0, Math.ceil(low));
  const last = Math.min(count - 1, Math.floor(high));
  const room = Math.max(4, Math.floor(pixels / line));
  const stride = Math.max(1, Math.ceil((last - first + 1) / room));
  const start = Math.ceil(first / stride) * stride;
  return Array.from(
    { length: Math.max(0, Math.floor((last - start) / stride) + 1) },
    (_, step) => start + step * stride,
  );
}

/**
 * @param {Axis} axis
 * @param {readonly TokenRow[]} tokens
 * @param {number} unit
 */
export const tickLabel = (axis, tokens, unit) => cut(nameOf(axis, tokens, unit, unit + 1), LABEL_CHARACTERS);

/**
 * What is zoomed to, as the store and links say it: [left, right, top, bottom] in units; nothing for everything.
 * @param {unknown} zoom
 * @param {Axis} rows
 * @param {Axis} columns
 * @returns {{ x: Range, y: Range } | null}
 */
export function zoomed(zoom, rows, columns) {
  if (!Array.isArray(zoom) || zoom.length !== 4 || !zoom.every(Number.isFinite)) return null;
  const [left, right, top, bottom] = zoom;
  /** @type {(low: number, high: number, axis: Axis) => boolean} */
  const fits = (low, high, { count }) => low < high && low >= -0.5 && high <= count - 0.5;
  return fits(left, right, columns) && fits(top, bottom, rows) ? { x: [left, right], y: [top, bottom] } : null;
}

/**
 * The zoom that shows these ranges, or none if they show everything.
 * @param {Range} x
 * @param {Range} y
 * @param {Axis} rows
 * @param {Axis} columns
 */
export function zoomOf(x, y, rows, columns) {
  /** @type {(range: Range, axis: Axis) => number[]} */
  const kept = ([low, high], { count }) => [Math.max(-0.5, low), Math.min(count - 0.5, high)].map(rounded);
  const [left, right] = kept(x, columns);
  const [top, bottom] = kept(y, rows);
  const everything = [left, top].every((low) => low === -0.5) && right === columns.count - 0.5;
  return everything && bottom === rows.count - 0.5 ? [] : [left, right, top, bottom];
}

/** @param {number} value */
const rounded = (value) => Math.round(value * 100) / 100;

/**
 * The whole units within a zoom, which the server is asked for; nothing if that is everything.
 * @param {{ x: Range, y: Range } | null} zoom
 * @param {Axis} rows
 * @param {Axis} columns
 */
export function windowOf(zoom, rows, columns) {
  if (!zoom) return null;
  /** @type {(range: Range, axis: Axis) => [number, number]} */
  const within = ([low, high], { count }) => [
    Math.max(0, Math.floor(low + 0.5)),
    Math.min(count, Math.ceil(high + 0.5)),
  ];
  const part = { rows: within(zoom.y, rows), columns: within(zoom.x, columns) };
  const [height, width] = [part.rows[1] - part.rows[0], part.columns[1] - part.columns[0]];
  if (height <= 0 || width <= 0 || (height >= rows.count && width >= columns.count)) return null;
  return part;
}
