// Well-known settings by name. Which one is in force is read off the values, so that the name never lies.
import { setControls } from "../../web/controls.js";
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { RULES } from "../../web/sampling.js";
import { state, subscribe } from "../../web/store.js";

/** @typedef {Record<string, number | boolean>} Values */
/** @typedef {{ name: string, values: Values }} Preset */

/**
 * The preset that the values are, −1 where they are somebody's own.
 * @param {readonly Preset[]} presets
 * @param {object} values
 */
export const presetOf = (presets, values) =>
  presets.findIndex((preset) =>
    Object.entries(preset.values).every(([key, value]) => Reflect.get(values, key) === value),
  );

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const list = find(element, ".preset-list", HTMLSelectElement);
  /** @type {Preset[]} */
  const presets = props.presets;
  const own = h("option", { value: "own", disabled: true }, _("own settings"));
  list.append(...presets.map(({ name }, index) => h("option", { value: index }, name)), own);
  list.addEventListener("change", () => setControls(presets[Number(list.value)].values));
  subscribe(
    element,
    () => {
      const index = presetOf(presets, state);
      list.value = index < 0 ? "own" : String(index);
    },
    RULES,
  );
}
