// The reading as it is saved: its tokens in their colours, and each with its numbers.

import { _ } from "../../web/language.js";
import { literal } from "../../web/saving/python.js";

/** @typedef {import("../../web/calls.d.ts").ReadingAnswer} ReadingAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

const ROWS = "rows = list(zip(found.positions, found.surprisal, found.rank, found.entropy))";

/**
 * @param {ReadingAnswer} reading
 * @param {readonly TokenRow[]} tokens
 * @param {{ text: string, parts: Element[], by: string }} view  `by`: what the tokens are coloured by
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ pseudo, positions, surprisal, rank, entropy }, tokens, { text, parts, by }) {
  return {
    name: _("Surprisal"),
    parts,
    settings: [[_("Coloured by"), by]],
    rows: () =>
      positions.map((position, place) => ({
        ...{ position, id: tokens[position].id, text: tokens[position].text },
        ...{ surprisal_bits: surprisal[place], rank: rank[place], entropy_bits: entropy[place] },
      })),
    imports: [`from models.generation.scoring import ${pseudo ? "score_masked" : "score"}`],
    python: [pseudo ? `*_, found = score_masked(model, ${literal(text)})` : "found = score(trace)", ROWS],
  };
}
