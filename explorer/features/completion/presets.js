// Well-known settings by name. Which one is in force is read off the values, so that the name never lies.
import { setControls } from "../../web/controls.js";
import { find, h } from "../../web/dom.js";
import { RULES } from "../../web/sampling.js";
import { state, subscribe } from "../../web/store.js";

/** @typedef {Record<string, number | boolean>} Values */
/** @typedef {{ name: string, meaning: string, values: Values }} Preset */

/**
 * The preset that the values are, −1 where they are somebody's own.
 * @param {readonly Pick<Preset, "values">[]} presets
 * @param {object} values
 */
export const presetOf = (presets, values) =>
  presets.findIndex((preset) =>
    Object.entries(preset.values).every(([key, value]) => Reflect.get(values, key) === value),
  );

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  /** @type {Preset[]} */
  const presets = props.presets;
  const pills = presets.map(({ name, meaning, values }) =>
    h("button", { class: "action preset", title: meaning, onclick: () => setControls(values) }, name),
  );
  find(element, ".presets").append(...pills);
  subscribe(
    element,
    () => {
      const index = presetOf(presets, state);
      for (const [place, pill] of pills.entries()) pill.setAttribute("aria-pressed", String(place === index));
    },
    RULES,
  );
}
