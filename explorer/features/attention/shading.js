// The numbers of a shaded text: spread over tokens, and which of them are the largest.
import { decimals, percent } from "../../web/format.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {"share" | "norm"} Unit */

const NAMED = 5;

/**
 * Weights of words as weights of their tokens.
 * @param {Float32Array} weights
 * @param {number[] | null} groups
 * @param {number} count
 */
export function spread(weights, groups, count) {
  if (!groups) return weights;
  const perToken = new Float32Array(count);
  for (let unit = 0; unit + 1 < groups.length; unit += 1) perToken.fill(weights[unit], groups[unit], groups[unit + 1]);
  return perToken;
}

/**
 * @param {number} weight
 * @param {Unit} unit
 */
export const weightText = (weight, unit) => (unit === "share" ? percent(weight) : decimals(weight, 3));

/**
 * The units with the largest weights, largest first, those without any left out.
 * @param {ArrayLike<number>} weights
 * @param {number} [most]
 */
export function largestUnits(weights, most = NAMED) {
  const units = Array.from(weights, (_weight, unit) => unit).filter((unit) => weights[unit] > 0);
  return units.sort((one, two) => weights[two] - weights[one]).slice(0, most);
}

/**
 * @param {ArrayLike<number>} weights
 */
export const peakOf = (weights) =>
  Array.from(weights).reduce((most, weight) => (weight > most ? weight : most), 0) || 1;
