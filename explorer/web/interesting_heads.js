// The heads worth a first look: asked once for each run, whoever needs them first.
import { call } from "./server.js";
import { state } from "./store.js";

/** @typedef {import("./calls.d.ts").ShelfAnswer} ShelfAnswer */

/** @type {{ run: number, answer: Promise<ShelfAnswer> } | null} */
let kept = null;

/**
 * Those of the whole model, for the main run.
 * @returns {Promise<ShelfAnswer>}
 */
export function interestingHeads() {
  const run = state.main?.run ?? 0;
  if (kept?.run === run) return kept.answer;
  const asked = { run, answer: call("interesting_heads", { run: "main", kind: "" }) };
  kept = asked;
  asked.answer.catch(() => {
    if (kept === asked) kept = null;
  });
  return asked.answer;
}
