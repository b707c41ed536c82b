// The picture of the whole model as it is saved: every connection, every guess and every bar, as numbers.
import { _ } from "../../web/language.js";
import { candidateRow } from "../../web/saving/rows.js";

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("../../web/saving/offer.js").Row} Row */

/**
 * @param {FlowAnswer} answer
 * @returns {Row[]}
 */
export function rowsOf({ position, looks, rows, target_rows: targets, depths, candidates }) {
  /** @type {(look: FlowAnswer["looks"][number]) => Row} */
  const link = ({ kind, layer, head, row, weight }) => {
    const { first, last } = (kind === "decoder" && targets.length ? targets : rows)[row];
    return { part: "look", kind, layer, head, first, last, weight };
  };
  return [
    ...looks.map(link),
    ...depths.flatMap(({ guesses }, place) => {
      const depth = depths.length > 1 ? place : null; // the last one alone, where the others cannot be read
      return guesses.map(({ id, text, probability }) => ({ part: "guess", position, depth, id, text, probability }));
    }),
    ...candidates.map((one) => ({ part: "next", position, ...candidateRow(one) })),
  ];
}

/**
 * @param {{ answer: FlowAnswer }} scene
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ answer }, parts) {
  const { position } = answer;
  return {
    name: _("Overview"),
    parts,
    settings: [[_("Followed position"), position]],
    rows: () => rowsOf(answer),
    imports: ["import numpy as np"],
    python: [
      `logits = trace.logits_at(${position}).astype(np.float64)`,
      "probabilities = np.exp(logits - logits.max())",
      "probabilities /= probabilities.sum()",
      "rows = [(int(i), model.token_text(int(i)), probabilities[i]) for i in np.argsort(-probabilities)[:8]]",
    ],
  };
}
