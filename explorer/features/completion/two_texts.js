// The same text continued twice, side by side.
import { sideBySide } from "../../web/columns.js";
import { samplingOf } from "../../web/sampling.js";
import { runOf, state } from "../../web/store.js";

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  sideBySide(element, "compare", {
    marked: true,
    request: () =>
      runOf(props) && {
        run: "main",
        ...samplingOf(state),
        max_new_tokens: state.length,
        stop: state.stop,
        second: samplingOf(state, "second_"),
        second_model: state.second_model,
      },
  });
}
