// The changes that a chosen head and token suggest: the head off for good, its strongest link cut.
import { fitted, state } from "../../web/store.js";
import { isOneHead } from "./chosen_row.js";
import { largestUnits } from "./shading.js";

/** @typedef {import("../../web/store.js").Change} Change */
/** @typedef {import("./chosen_row.js").Row} Row */

/**
 * @param {Row} row
 * @returns {Change[]}
 */
export function headChanges(row) {
  const { run, values, groups } = row;
  const { kind, layer, head } = fitted(run, state);
  if (!isOneHead()) return [];
  const named = kind === "encoder" || kind === "cross" ? /** @type {const} */ ({ attention: kind }) : {};
  /** @type {Change[]} */
  const found = [
    { kind: "head", layer, head, by: "zero", ...named },
    { kind: "head", layer, head, by: "mean", ...named },
  ];
  const [best] = largestUnits(values, 1);
  if (best === undefined || groups || state.attention_direction === "to") return found;
  const edge = { query: row.position, key: best };
  return [
    ...found,
    { kind: "edge", layer, head, ...edge, ...named },
    { kind: "edge", layer: null, head: null, ...edge, ...named },
  ];
}
