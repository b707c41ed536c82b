// What stands in the prompt's boxes before it is run: in the store as `typed`, from the first key on.
import { set } from "./store.js";

/** @typedef {import("./store.js").RunFacts} RunFacts */
/** @typedef {{ text: string, target: string }} Typed */

/** @param {"text" | "target"} box */
function written(box) {
  const area = document.querySelector(`#${box} textarea`);
  return area instanceof HTMLTextAreaElement ? area.value : "";
}

// Heard as it passes the document, so that it works whenever Gradio makes its boxes anew.
if (typeof document !== "undefined") {
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement) || !target.closest("#text, #target")) return;
    set({ typed: { text: written("text"), target: written("target") } });
  });
}

/**
 * What is typed and is not what was run; null where they are the same.
 * @param {Typed | null} typed
 * @param {Pick<RunFacts, "kind" | "text" | "target">} run
 * @returns {Typed | null}
 */
export function notYetRun(typed, run) {
  if (!typed) return null;
  const other = run.kind === "encoder-decoder" && typed.target !== run.target;
  return typed.text !== run.text || other ? typed : null;
}
