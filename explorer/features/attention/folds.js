// The parts of the tab that are folded up at first, opened where a link says so. They are Gradio's own.
import { state } from "../../web/store.js";

const FOLDS = /** @type {const} */ (["continuation", "bertviz"]);

/** Opens what the store says is open. */
export function openFolds() {
  for (const name of FOLDS) {
    const head = document.querySelector(`#attention-${name} > button`);
    if (state[`attention_${name}_open`] && head instanceof HTMLElement && !head.classList.contains("open"))
      head.click();
  }
}
