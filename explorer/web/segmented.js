// One choice of a few, in a row: a radio group of buttons with one tab stop.

import { h } from "./dom.js";
import { nextIndex } from "./roving.js";

/**
 * @template {string} Value
 * @param {{ label: string, choices: readonly (readonly [Value, string])[], onSelect: (value: Value) => void }} options
 *   choices: each value with what it is called
 */
export function segmented({ label, choices, onSelect }) {
  const buttons = choices.map(([value, name]) =>
    h("button", { role: "radio", class: "segment", "aria-checked": false, onclick: () => onSelect(value) }, name),
  );
  const element = h("div", { class: "segmented", role: "radiogroup", "aria-label": label }, buttons);
  element.addEventListener("keydown", (event) => {
    const index = buttons.findIndex((button) => button.matches(":focus"));
    const next = index < 0 ? undefined : nextIndex({ key: event.key, index, count: buttons.length });
    if (next === undefined) return;
    event.preventDefault();
    buttons[next].focus();
    onSelect(choices[next][0]);
  });
  return {
    element,
    /**
     * Marks the choice.
     * @param {string} value
     */
    update(value) {
      const chosen = choices.findIndex(([one]) => one === value);
      buttons.forEach((button, index) => {
        button.setAttribute("aria-checked", String(index === chosen));
        button.tabIndex = index === Math.max(0, chosen) ? 0 : -1;
      });
    },
  };
}
