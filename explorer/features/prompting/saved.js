// The three answers as they are saved.
import { everywhere } from "../../web/changes.js";
import { _ } from "../../web/language.js";
import { active } from "../../web/runs.js";
import { literal } from "../../web/saving/python.js";
import { stepRow } from "../../web/saving/rows.js";
import { state } from "../../web/store.js";

/** @typedef {import("../../web/calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {{ title: string, shown: string, steps: StepAnswer[] }} Answered  behind one prompt, `shown` whole */

/**
 * @param {readonly Answered[]} answered
 * @param {{ side?: string }} more
 */
const rowsOf = (answered, more) =>
  answered.flatMap(({ title, steps }) => steps.map((step, at) => ({ ...more, prompt: title, ...stepRow(step, at) })));

/**
 * @param {readonly Answered[]} answered
 * @param {{ parts: Element[], question: string, most: number, beside?: readonly Answered[] }} view
 *   most: how many tokens may be written; beside: what side B of a comparison answered
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(answered, { parts, question, most, beside = [] }) {
  const changes = everywhere(active(state.changes));
  const other = beside.length ? state.other : null;
  const prompts = answered.map(({ shown }) => `    ${literal(shown)},`);
  return {
    name: _("Answers"),
    parts,
    isOfRun: false,
    settings: [
      [_("Question"), question],
      [_("Tokens to write"), most],
      [_("Prompt with all examples"), answered.at(-1)?.shown ?? ""],
      ...(other ? /** @type {[string, string][]} */ ([[_("Model of side B"), other.model]]) : []),
      ...(other?.changes.length
        ? /** @type {[string, string][]} */ ([[_("Changes to the model of side B"), JSON.stringify(other.changes)]])
        : []),
    ],
    rows: () =>
      beside.length ? [...rowsOf(answered, { side: "A" }), ...rowsOf(beside, { side: "B" })] : rowsOf(answered, {}),
    python: other ? pythonOfBoth(prompts, changes, other, most) : pythonOfOne(prompts, changes, most),
  };
}

/** @typedef {import("../../web/store.js").Change} Change */
/** @type {(prompts: readonly string[]) => string[]} */
const listed = (prompts) => ["prompts = [", ...prompts, "]", "rows = []"];
const STOPS = "the page stops each answer where the next example would begin";

/**
 * @param {readonly string[]} prompts  as Python writes them
 * @param {readonly Change[]} changes
 * @param {number} most
 */
function pythonOfOne(prompts, changes, most) {
  const model = changes.length ? "model.changed(changes, prompt)" : "model";
  return [
    ...(changes.length ? [`changes = ${literal(changes)}`] : []),
    ...listed(prompts),
    `for prompt in prompts:  # ${STOPS}`,
    `    for step in ${model}.complete(prompt, Sampling(greedy=True), max_new_tokens=${most}):`,
    "        rows.append((prompt, step.token.text, step.probability, step.rank))",
  ];
}

/**
 * @param {readonly string[]} prompts  as Python writes them
 * @param {readonly Change[]} changes
 * @param {import("../../web/store.js").RunFacts} other
 * @param {number} most
 */
function pythonOfBoth(prompts, changes, other, most) {
  const beside = everywhere(/** @type {Change[]} */ (other.changes));
  return [
    `sides = [("A", model, ${literal(changes)}), ("B", load(${literal(other.model)}), ${literal(beside)})]`,
    ...listed(prompts),
    "for side, one, changes in sides:",
    `    for prompt in prompts:  # ${STOPS}`,
    "        asked = one.changed(changes, prompt) if changes else one",
    `        for step in asked.complete(prompt, Sampling(greedy=True), max_new_tokens=${most}):`,
    "            rows.append((side, prompt, step.token.text, step.probability, step.rank))",
  ];
}
