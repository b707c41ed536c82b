// The effect as it is saved: both bars of each token, and the numbers behind them.
import { _ } from "../../web/language.js";
import { literal } from "../../web/saving/python.js";
import { rowsOf } from "./rows.js";

/** @typedef {import("../../web/calls.d.ts").ExperimentAnswer} ExperimentAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/**
 * @param {ExperimentAnswer} answer
 * @param {RunFacts} run
 * @param {{ parts: Element[], order: string }} view
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(answer, run, { parts, order }) {
  const given = [literal(run.text), ...(run.target ? [literal(run.target)] : [])].join(", ");
  return {
    name: _("Before and after"),
    parts,
    settings: [
      [_("KL(before ‖ after), bits"), answer.kl],
      [_("Order"), order],
    ],
    rows: () =>
      rowsOf(answer, order, Infinity).map(({ id, name, before, after }) => ({ id, text: name, before, after })),
    more: () => ({ kl_bits: answer.kl, position: answer.position, changes: run.changes }),
    imports: ["from models.changes.experiment import effect"],
    python: [
      `before = load(${literal(run.model)}).trace(${given})`,
      "found = effect(before, trace)",
      "rows = [(model.token_text(int(token)), found.before[token], found.after[token]) for token in found.gained]",
    ],
  };
}
