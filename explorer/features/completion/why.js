// From a token that was written to the tab that says why it was.
import { start } from "../../web/runs.js";
import { set } from "../../web/store.js";
import { goTo } from "../../web/tabs.js";
import { path, textOf } from "./branches.js";

/** @typedef {import("./branches.js").Branch} Branch */

/**
 * Asks the Why tab about a token that was written: the text before it is run, and that token asked for.
 * @param {import("../../web/store.js").RunFacts} facts
 * @param {Branch} step
 */
export function askWhy({ model, kind, text, target }, step) {
  const before = textOf(path(step.parent));
  const isTarget = kind === "encoder-decoder";
  set({ token: null, why_token: `#${step.token.id}`, why_against: "", why_opened: "", written_token: -1 });
  start("main", isTarget ? { model, text, target: target + before } : { model, text: text + before });
  goTo("why");
}
