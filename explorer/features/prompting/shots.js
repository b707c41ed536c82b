// One question behind no, one and all examples, side by side.
import { sideBySide } from "../../web/columns.js";
import { samplingOf } from "../../web/sampling.js";
import { runOf, state } from "../../web/store.js";
import { rowsOf } from "./rows.js";

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  sideBySide(element, "prompting", {
    marked: false,
    request() {
      const run = runOf(props);
      if (!run) return null;
      const { instruction, question, prompt_length: most } = state;
      const examples = rowsOf(state.prompt_examples);
      return { model: run.model, ...samplingOf(state), instruction, question, examples, max_new_tokens: most };
    },
  });
}
