// The paired parts of two logits as they are saved, and the lines of Python that compute them.
import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { wordOf } from "./contributions_words.js";
import { difference } from "./paired_rows.js";

/** @typedef {import("../../web/calls.d.ts").BothContributionsAnswer} BothContributionsAnswer */
/** @typedef {import("../../web/calls.d.ts").SideSumAnswer} SideSumAnswer */

/**
 * @param {BothContributionsAnswer} answer
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(answer, parts) {
  const { token, against, one, other, rows } = answer;
  return {
    name: _("Contributions of both sides"),
    parts,
    settings: [
      [_("Token"), wordOf(token)],
      ...(against ? /** @type {[string, string][]} */ ([[_("Rather than"), wordOf(against)]]) : []),
      [_("Position"), answer.position],
    ],
    rows: () =>
      rows.map((row) => ({
        name: (row.one ?? row.other)?.name ?? "",
        layer: row.one?.layer ?? null,
        other_layer: row.other?.layer ?? null,
        value: row.one?.value ?? null,
        other_value: row.other?.value ?? null,
        difference: difference(row),
      })),
    more: () => ({ one, other }),
    imports: ["from models.comparison.parts import part_pairs"],
    python: [
      asked("found", "trace", one, answer.against),
      asked("beside", "other_trace", other, answer.other_against),
      `pairs = part_pairs(${one.refusal ? "()" : "found.parts"}, ${other.refusal ? "()" : "beside.parts"})`,
      "rows = [(one and (one.name, one.layer, one.value), other and (other.name, other.layer, other.value))",
      "        for one, other in pairs]",
    ],
  };
}

/**
 * The line that takes one side's logit apart, a comment where there is no such sum.
 * @param {string} name
 * @param {string} trace
 * @param {SideSumAnswer} side
 * @param {{ id: number } | null} against
 */
function asked(name, trace, { refusal, position, token }, against) {
  if (refusal || !token) return `# ${name}: ${refusal}`;
  const given = { position, token: `#${token.id}`, against: against ? `#${against.id}` : "" };
  return `${name} = ${trace}.contributions(${keywords(given, { against: "" })}, count=1000)`;
}
