// Example texts of the model at hand; choosing one runs it.
import { config } from "../web/configuration.js";
import { find, h } from "../web/dom.js";
import { start } from "../web/runs.js";
import { state, subscribe } from "../web/store.js";

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const list = find(element, ".examples-list", HTMLElement);

  /** @param {{ text: string, target: string }} sample */
  function button({ text, target }) {
    const run = () => start("main", { model: state.main?.model ?? config.model, text, target });
    const shown = target ? `${text} → ${target}` : text;
    return h("button", { type: "button", class: "example", dir: "auto", onclick: run }, shown);
  }

  subscribe(
    element,
    ({ main }) => list.replaceChildren(...(main?.samples ?? config.samples[config.model] ?? []).map(button)),
    ["main"],
  );
}
