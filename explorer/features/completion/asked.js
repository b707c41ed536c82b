// What the distribution is asked about: the run, or what is being typed; the rules play no part at a mask.
import { active } from "../../web/runs.js";
import { samplingOf } from "../../web/sampling.js";
import { runOf, state } from "../../web/store.js";
import { notYetRun } from "../../web/typed.js";

/** @typedef {import("../../web/store.js").Change} Change */
/** @typedef {{ run: "main" } | { model: string, text: string, target: string, changes: Change[] }} Subject */

/** What is typed and not run yet, null where there is nothing of the kind. */
export function typing() {
  const facts = runOf();
  return facts && notYetRun(state.typed, facts);
}

/**
 * The text that is asked about.
 * @returns {Subject}
 */
export function subject() {
  const typed = typing();
  return typed && state.main ? { model: state.main.model, ...typed, changes: active(state.changes) } : { run: "main" };
}

/** The text that is shown, as far as the next token comes after it. */
export function before() {
  const shown = typing() ?? state.main;
  if (!shown) return "";
  return state.main?.kind === "encoder-decoder" ? shown.target : shown.text;
}

/** The rules in force. */
export const rules = () => (state.main?.kind === "encoder" ? {} : samplingOf(state));

/** All a distribution is asked for. */
export const wishes = () => ({
  ...rules(),
  limit: state.next_rows,
  order: state.next_order,
  mask: typing() ? 0 : state.next_mask,
});
