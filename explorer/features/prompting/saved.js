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
  const model = changes.length ? "model.changed(changes, prompt)" : "model";
  const prompts = answered.map(({ shown }) => `    ${literal(shown)},`);
  return {
    name: _("Answers"),
    parts,
    isOfRun: false,
    settings: [
      [_("Question"), question],
      [_("Tokens to write"), most],
      [_("Prompt with all examples"), answered.at(-1)?.shown ?? ""],
    ],
    rows: () =>
      beside.length ? [...rowsOf(answered, { side: "A" }), ...rowsOf(beside, { side: "B" })] : rowsOf(answered, {}),
    python: [
      ...(changes.length ? [`changes = ${literal(changes)}`] : []),
      "prompts = [",
      ...prompts,
      "]",
      "rows = []",
      "for prompt in prompts:  # the page stops each answer where the next example would begin",
      `    for step in ${model}.complete(prompt, Sampling(greedy=True), max_new_tokens=${most}):`,
      "        rows.append((prompt, step.token.text, step.probability, step.rank))",
    ],
  };
}
