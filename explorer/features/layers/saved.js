// The grid as it is saved: its cells, and each reading with its numbers.

import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { lensNames, measureNames } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").GridAnswer} GridAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/**
 * @param {GridAnswer} grid
 * @param {readonly TokenRow[]} tokens
 * @param {{ parts: Element[], by: string }} view
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(grid, tokens, { parts, by }) {
  const lens = lensNames().find(([name]) => name === grid.lens)?.[1] ?? grid.lens;
  const coloured = measureNames().find(([name]) => name === by)?.[1] ?? by;
  const given = keywords({ lens: grid.lens }, { lens: "logit" });
  return {
    name: _("Layers"),
    parts,
    settings: [
      [_("Lens"), lens],
      [_("Coloured by"), coloured],
    ],
    rows: () =>
      grid.best.flatMap((row, depth) =>
        row.map((place, position) => ({
          ...{ depth, position, token: tokens[position].text },
          ...{ guess_id: grid.entries[place].id, guess: grid.entries[place].text },
          ...{ probability: grid.probability[depth][position], entropy_bits: grid.entropy[depth][position] },
          ...{ answer_rank: grid.rank[depth][position], kl_bits: grid.kl[depth][position] },
        })),
      ),
    more: () => ({ faithfulness: grid.faithfulness }),
    imports: ["from models.lenses.grid import lens_grid"],
    python: [
      `grid = lens_grid(model, trace${given ? `, ${given}` : ""})`,
      "rows = [",
      "    (depth, position, model.token_text(int(best)), float(share))",
      "    for depth, (ids, shares) in enumerate(zip(grid.ids, grid.probabilities))",
      "    for position, (best, share) in enumerate(zip(ids[:, 0], shares[:, 0]))",
      "]",
    ],
  };
}
