// The button that leaves out the first token, on which many heads park what they do not need.
import { setControls } from "../../web/controls.js";
import { find } from "../../web/dom.js";
import { state, subscribe } from "../../web/store.js";

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const button = find(element, ".leave-first", HTMLButtonElement);
  button.addEventListener("click", () => {
    setControls({ attention_left_out: state.attention_left_out === "first" ? "nothing" : "first" });
  });
  subscribe(
    element,
    ({ attention_left_out }) => button.setAttribute("aria-pressed", String(attention_left_out === "first")),
    ["attention_left_out"],
  );
}
