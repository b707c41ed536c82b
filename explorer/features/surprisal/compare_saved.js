// Two runs' surprisal as it is saved.
import { _ } from "../../web/language.js";
import { besideLines, bothNamed } from "../../web/saving/beside.js";
import { difference } from "./compare_words.js";

/**
 * @param {import("../../web/calls.d.ts").BothAnswer} answer
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function savedBoth({ found }, parts) {
  return {
    name: _("Surprisal of both sides"),
    parts,
    settings: [bothNamed()],
    rows: () =>
      found.segments.map((segment) => ({
        ...{ text: segment.text, other_text: segment.other_text, bits: segment.bits },
        ...{ other_bits: segment.other_bits, difference: difference(segment) },
      })),
    more: () => found,
    imports: [
      "from models.comparison.correspondence import read_by",
      "from models.comparison.segments import compared",
      "from models.generation.scoring import scores_of",
    ],
    python: [
      ...besideLines(),
      "scores, others = scores_of(model, trace), scores_of(other, beside)",
      "rows = compared(scores, read_by(trace)[1], others, read_by(beside)[1]).segments",
    ],
  };
}
