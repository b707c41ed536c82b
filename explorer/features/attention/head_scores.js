// Measured scores of heads: their words, and which heads they put first.
import { bits, decimals, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";

/**
 * One score as Python describes it.
 * @typedef {{ key: string, title: string, definition: string, source: string, across: boolean }} Score
 */
/** @typedef {number | null} Value */

/**
 * A measured value in the unit of its score; most are shares.
 * @param {Value} value
 * @param {string} key
 */
export function scoreText(value, key) {
  if (value === null) return _("not measured");
  if (key === "entropy") return bits(value);
  return key === "distance" ? _("{number} tokens", { number: decimals(value, 1) }) : percent(value);
}

/**
 * The order to show heads in; those that were not measured come last, equal ones stay in their place.
 * @param {readonly Value[]} values
 * @param {"place" | "most" | "least"} order
 */
export function ranked(values, order) {
  const places = values.map((_value, place) => place);
  if (order === "place") return places;
  const sign = order === "least" ? 1 : -1;
  /** @type {(place: number) => number} */
  const rank = (place) => values[place] ?? sign * Infinity;
  return places.sort((one, two) => sign * (rank(one) - rank(two)) || one - two);
}

/**
 * The largest of what was measured; null if nothing was.
 * @param {readonly Value[]} values
 */
export function largest(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? Math.max(...known) : null;
}

/**
 * Whether a head stays away: it was measured and found below the minimum.
 * @param {Value} value
 * @param {number} minimum
 */
export const isBelow = (value, minimum) => value !== null && value < minimum;

/**
 * The scores that make sense for a kind of attention.
 * @param {readonly Score[]} scores
 * @param {string} kind
 */
export const offered = (scores, kind) => scores.filter((one) => kind !== "cross" || one.across);

/**
 * One score of every head, by layer and head; null where it has not been measured.
 * @param {import("./measured.js").Layers} layers
 * @param {{ layers: number, heads: number }} shape
 * @param {string} key
 * @returns {Value[]}
 */
export function valuesOf(layers, shape, key) {
  return Array.from({ length: shape.layers * shape.heads }, (_value, place) => {
    return layers[Math.floor(place / shape.heads)]?.[key]?.[place % shape.heads] ?? null;
  });
}

/**
 * The order that a score is first shown in: of entropy the least tells most.
 * @param {string} key
 * @returns {"place" | "most" | "least"}
 */
export function orderOf(key) {
  if (!key) return "place";
  return key === "entropy" ? "least" : "most";
}
