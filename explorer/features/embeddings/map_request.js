// What the map asks for, read off the store, and which choices still mean the same when that changes.

/** @import { State } from "../../web/store.js" */
import { unpacked } from "./packed_rows.js";

/**
 * Rows that are listed together: those in a shape on the map, or, in a link, those that are named; many are packed.
 * @typedef {object} Group
 * @property {"lasso" | "view"} where
 * @property {number[]} rows
 * @property {import("../../web/map/picking.js").Shape} [shape]
 * @property {string} [packed]
 */

export const MAX_LINKED_ROWS = 150; // more are packed
const MOST_CORNERS = 64;
const FARTHEST = 1e6; // of a corner, from the middle of the map
export const VECTOR_KEYS = /** @type {const} */ (["main", "map_space", "map_depth", "map_stack"]);
export const POINT_KEYS = /** @type {const} */ ([
  ...VECTOR_KEYS,
  ...["map_method", "map_dimensions", "map_metric", "map_sample", "map_seed", "map_perplexity", "map_near"],
  ...["map_spread", "map_x", "map_y", "map_z", "map_one_scale"],
]);

/**
 * An emptied number box means its first value.
 * @param {unknown} value
 * @param {number} otherwise
 */
const numberOr = (value, otherwise) => (typeof value === "number" && Number.isFinite(value) ? value : otherwise);

/**
 * The vectors that are shown.
 * @param {State} state
 */
export const vectorsIn = (state) => ({
  run: /** @type {const} */ ("main"),
  space: state.map_space,
  depth: Math.min(Math.max(Math.round(numberOr(state.map_depth, 0)), 0), 1000),
  stack: state.map_stack,
});

/**
 * The projection that is shown; the page counts components from 1.
 * @param {State} state
 */
export const projectionIn = (state) => ({
  ...vectorsIn(state),
  method: state.map_method,
  dimensions: state.map_dimensions === "3-D" ? 3 : 2,
  metric: state.map_metric,
  sample: numberOr(state.map_sample, -1),
  seed: numberOr(state.map_seed, 0),
  perplexity: numberOr(state.map_perplexity, 30),
  near: numberOr(state.map_near, 15),
  spread: numberOr(state.map_spread, 0.1),
  filled: !state.map_one_scale,
  axes: [state.map_x, state.map_y, state.map_z].map((axis, place) => numberOr(axis, place + 1) - 1),
});

/**
 * Which rows these are: as long as this is the same, a row is the same token, wherever it is drawn.
 * @param {Pick<State, "main" | "map_space" | "map_stack">} state
 */
export function rowsMeaning({ main, map_space: space, map_stack: stack }) {
  if (!main) return "";
  if (space === "text") return JSON.stringify([main.model, main.text, main.target, stack]);
  return JSON.stringify([main.model, space === "positions" ? "positions" : "vocabulary"]);
}

/**
 * A group of rows as a link may hold it.
 * @param {any} value
 * @returns {Group}
 */
export function groupIn(value) {
  const shape = shapeIn(value?.shape);
  const where = value?.where === "view" ? "view" : "lasso";
  if (shape) return { where, rows: [], shape };
  if (typeof value?.packed === "string") return { where, rows: unpacked(value.packed) };
  const rows = Array.isArray(value?.rows) ? value.rows.slice(0, MAX_LINKED_ROWS) : [];
  return { where, rows: rows.filter(isRow) };
}

/**
 * @param {any} value
 * @returns {Group["shape"] | null}
 */
function shapeIn(value) {
  const { outline, turn } = value ?? {};
  if (![outline, turn].every((list) => Array.isArray(list) && list.every(isPlace))) return null;
  const fits = outline.length >= 6 && outline.length <= 2 * MOST_CORNERS && outline.length % 2 === 0;
  return fits && (turn.length === 0 || turn.length === 2) ? { outline, turn } : null;
}

/** @param {unknown} value */
const isPlace = (value) => typeof value === "number" && Math.abs(value) <= FARTHEST;

/** @param {unknown} value */
export const isRow = (value) => Number.isInteger(value) && /** @type {number} */ (value) >= 0;
