// The changes that a chosen head and token suggest: the head off for good, its strongest link cut.
import { fitted, state } from "../../web/store.js";
import { ofEdge, ofHead } from "../../web/suggested_changes.js";
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
  const found = ofHead({ kind, layer, head });
  const [best] = largestUnits(values, 1);
  if (best === undefined || groups || state.attention_direction === "to") return found;
  return [...found, ...ofEdge({ kind, layer, head }, { query: row.position, key: best })];
}
