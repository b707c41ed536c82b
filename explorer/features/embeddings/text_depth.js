// After how many blocks the text's own vectors are read; the slider ends where the model does.
import { find } from "../../web/dom.js";
import { set, state, subscribe } from "../../web/store.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/**
 * How many depths a run has beside the embedding.
 * @param {Pick<RunFacts, "attention_kinds" | "layers">} run
 */
export const deepest = ({ attention_kinds: kinds, layers }) => Math.max(layers, ...kinds.map((kind) => kind.layers));

/**
 * Brings the slider to life, which stands only beside the text's own vectors.
 * @param {HTMLElement} element  the view
 */
export function createDepth(element) {
  const place = find(element, ".map-text");
  const slider = find(place, "input", HTMLInputElement);
  const shown = find(place, "output");

  slider.addEventListener("input", () => set({ map_depth: Number(slider.value) }));
  subscribe(
    element,
    ({ main }) => {
      place.hidden = state.map_space !== "text";
      if (main) slider.max = String(deepest(main));
      slider.value = String(state.map_depth);
      shown.textContent = slider.value;
    },
    ["main", "map_depth", "map_space"],
  );
}
