// A cell made a change: the run that was patched, with the same activation put into it, in every tab.
import { start } from "../../web/runs.js";
import { state } from "../../web/store.js";

/** @typedef {import("../../web/calls.d.ts").ColumnAnswer} ColumnAnswer */
/** @typedef {import("../../web/calls.d.ts").PatchChange} PatchChange */
/** @typedef {import("./sweep_form.js").Texts} Texts */

const MOST = 64; // changes in a list

/**
 * The changes that a cell stands for: one, or for a head one at each position; null where the page has not the text.
 * @param {string} of
 * @param {number} row
 * @param {ColumnAnswer} column
 * @param {{ text: string, target: string, positions: readonly [number, number][] }} donor
 *   positions: those patched by a head, with their counterparts
 * @returns {PatchChange[]}
 */
export function changesOf(of, row, column, { text, target, positions }) {
  const attention = column.attention === "cross" ? "cross" : column.stack === "encoder" ? "encoder" : null;
  const named = attention ? { attention: /** @type {"cross" | "encoder"} */ (attention) } : {};
  const whence = { text, ...(target ? { target } : {}), ...named };
  const place = of === "residual" ? { depth: row } : of === "head" ? { layer: row, head: column.head } : { layer: row };
  const own = { kind: /** @type {const} */ ("patch"), of: /** @type {PatchChange["of"]} */ (of), ...place, ...whence };
  const pairs =
    of === "head" ? positions : [/** @type {[number, number]} */ ([column.position, column.from_position ?? 0])];
  return pairs.map(([position, from_position]) => ({ ...own, position, from_position }));
}

/**
 * Runs the patched text with these changes beside those in force.
 * @param {string} model
 * @param {{ text: string, target: string }} patched
 * @param {PatchChange[]} made
 */
export function make(model, { text, target }, made) {
  return start("main", { model, text, target, changes: [...state.changes, ...made].slice(0, MOST) });
}
