// What attributions are computed with: what stands in the place of a token, and in how many steps gradients are added.
import { _, number } from "../../web/language.js";
import { segmented } from "../../web/segmented.js";
import { set, state } from "../../web/store.js";

/**
 * Both choices, in a place of a view; `update` shows what is chosen.
 * @param {HTMLElement} place
 */
export function attributionSettings(place) {
  const baseline = segmented({
    label: _("In the place of a token"),
    choices: [
      ["mean", _("mean embedding")],
      ["zero", _("zero")],
    ],
    onSelect: (value) => set({ why_baseline: value }),
  });
  const steps = segmented({
    label: _("Steps of integrated gradients"),
    choices: [
      ["50", _("{count} steps", { count: 50 })],
      ["200", number(200)],
      ["1000", number(1000)],
    ],
    onSelect: (value) => set({ why_steps: /** @type {typeof state.why_steps} */ (value) }),
  });
  place.append(baseline.element, steps.element);
  return {
    update() {
      baseline.update(state.why_baseline);
      steps.update(state.why_steps);
    },
  };
}
