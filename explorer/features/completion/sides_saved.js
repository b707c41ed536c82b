// Two sides as they are saved: their next tokens joined, and their texts, each with the lines of Python that make them.
import { _ } from "../../web/language.js";
import { samplingOf } from "../../web/sampling.js";
import { besideLines, bothNamed } from "../../web/saving/beside.js";
import { literal } from "../../web/saving/python.js";
import { stepRow } from "../../web/saving/rows.js";
import { state } from "../../web/store.js";
import { rulesInWords, sampling } from "./saved.js";

/** @typedef {import("../../web/saving/offer.js").Picture} Picture */
/** @typedef {import("../../web/calls.d.ts").NextOfBothAnswer} NextOfBothAnswer */
/** @typedef {import("../../web/calls.d.ts").StepAnswer} StepAnswer */

const second = () => samplingOf(state, "second_");

/** @returns {[string, string][]} */
const settings = () => [
  bothNamed(),
  [_("Rules of A"), rulesInWords()[1]],
  [_("Rules of B"), rulesInWords(second())[1]],
];

/**
 * @param {NextOfBothAnswer} answer
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedSides({ rows, distance }, parts) {
  return {
    name: _("Next token of both sides"),
    parts,
    settings: settings(),
    rows: () =>
      rows.map(({ text, sides: [one, other] }) => ({
        ...{ text, a: one?.final_probability ?? null, b: other?.final_probability ?? null },
        ...{ a_by_itself: one?.probability ?? null, b_by_itself: other?.probability ?? null },
        ...{ a_rank: one?.rank ?? null, b_rank: other?.rank ?? null },
      })),
    more: () => distance,
    imports: [
      "from models.comparison.correspondence import has_same_vocabulary",
      "from models.comparison.joined import Side, joined",
      "from models.generation.next_token import next_token_distribution",
    ],
    python: [
      ...besideLines(),
      `one = Side(model, next_token_distribution(trace, ${sampling(samplingOf(state))}))`,
      `two = Side(other, next_token_distribution(beside, ${sampling(second())}))`,
      "same = has_same_vocabulary(model, other)",
      `rows = joined(one, two, ${rows.length}, ${literal(state.sides_order)}, same_vocabulary=same)`,
    ],
  };
}

/**
 * @param {readonly { title: string, steps: StepAnswer[] }[]} columns
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedTwo(columns, parts) {
  const written = (/** @type {string} */ by, /** @type {string} */ run, /** @type {object} */ rules) =>
    `list(${by}.complete(${run}.text, ${sampling(rules)}, max_new_tokens=${state.length}, target=${run}.target))`;
  return {
    name: _("Two texts"),
    parts,
    settings: settings(),
    rows: () =>
      columns.flatMap(({ title, steps }) => steps.map((step, at) => ({ text_of: title, ...stepRow(step, at) }))),
    python: [
      ...besideLines(),
      `rows = ${written("model", "trace", samplingOf(state))}`,
      `second = ${written("other", "beside", second())}`,
    ],
  };
}
