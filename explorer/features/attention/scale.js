// From a value to its place on the colour scale, and what the scale's legend says.
import { decimals, percent } from "../../web/format.js";

/** @typedef {import("../../web/calls.d.ts").Controls["attention_scale"]} Kind */

export const FLOOR = 1e-4; // the smallest share the logarithmic scale tells apart

/**
 * The end of the scale; never so small that nothing looks like something.
 * @param {number} peak
 */
export const topOf = (peak) => Math.max(peak, FLOOR * 10);

/**
 * @param {number} value
 * @param {number} peak  where the scale ends
 * @param {Kind} kind
 */
export function shareOf(value, peak, kind) {
  const top = topOf(peak);
  const share = Math.min(1, Math.max(0, value / top));
  if (kind === "log") return 1 - Math.log10(Math.max(value, FLOOR) / top) / Math.log10(FLOOR / top);
  return kind === "linear" ? share : Math.sqrt(share);
}

/**
 * Both ends of the legend.
 * @param {number} peak
 * @param {Kind} kind
 * @param {"share" | "norm"} unit
 * @returns {[string, string]}
 */
export function endsOf(peak, kind, unit) {
  const said = (/** @type {number} */ value) => (unit === "share" ? percent(value) : decimals(value, 2));
  const top = said(topOf(peak));
  if (kind !== "log") return [said(0), top];
  return [unit === "share" ? `≤ ${decimals(100 * FLOOR, 2)} %` : `≤ ${decimals(FLOOR, 4)}`, top];
}
