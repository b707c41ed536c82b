// The bridge to Gradio: sets native controls and the prompt's boxes, and goes to the tab a link asks for.
import { adoptBridge, valuesOf } from "../web/controls.js";
import { openTab } from "./start.js";

/** @param {import("../web/mount.js").View} view */
export function mount({ props, trigger }) {
  adoptBridge({
    controls() {
      props.value = { ...props.value, controls: valuesOf(props.keys) };
      trigger("controls");
    },
    prompt({ model, text, target }) {
      props.value = { ...props.value, prompt: [model, text, target] };
      trigger("prompt");
    },
  });
  openTab();
}
