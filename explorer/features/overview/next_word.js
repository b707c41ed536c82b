// The next word: drawn with the page's seed and rules, so that it is the one Completion would write; and taken back.
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { start } from "../../web/runs.js";
import { samplingOf } from "../../web/sampling.js";
import { set, state } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").NextWordAnswer} NextWordAnswer */
/** @typedef {{ model: string, text: string, target: string }} Spec */
/** @typedef {ReturnType<typeof import("../../web/server.js").latest>} Ask */

/**
 * What was run before each word that was drawn, and what the word made of it.
 * @type {{ before: Spec, after: Spec }[]}
 */
const drawn = [];

/**
 * @param {Spec} one
 * @param {Spec | null} other
 */
const isSame = (one, other) => one.model === other?.model && one.text === other.text && one.target === other.target;

/** Whether the last word drawn can be taken back: the run that is shown is the one it made. */
export const canUndo = () => drawn.length > 0 && isSame(drawn[drawn.length - 1].after, state.main);

/** Takes the last word back. */
export function undo() {
  const last = canUndo() ? drawn.pop() : undefined;
  if (!last) return;
  set({ token: null });
  start("main", last.before);
}

/**
 * Draws one word; what is to be run with it comes back, `run` runs it.
 * @param {Ask} ask
 */
export async function draw(ask) {
  const { main } = state;
  if (!main) return null;
  const before = { model: main.model, text: main.text, target: main.target };
  const answer = await ask("next_word", { run: "main", ...samplingOf(state) });
  return { before, answer };
}

/** @param {{ before: Spec, answer: NextWordAnswer }} found */
export function run({ before, answer }) {
  if (answer.ended || !isSame(before, state.main)) return;
  const after = { model: before.model, text: answer.text, target: answer.target };
  if (!canUndo()) drawn.length = 0;
  drawn.push({ before, after });
  set({ token: null });
  start("main", after);
}

/** @param {NextWordAnswer} answer */
export function drawnSentence({ token, probability, ended }) {
  const values = { word: wordName({ text: token }), share: percent(probability), seed: String(state.seed ?? 0) };
  if (state.main?.kind === "encoder") return _("Filled with the likeliest: “{word}” ({share})", values);
  if (ended) return _("Drawn with seed {seed}: the text ends here ({share})", values);
  return _("Drawn with seed {seed}: “{word}” ({share})", values);
}
