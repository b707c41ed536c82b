// A view's own controls, kept in step with the store: pills, lists and boxes.
import { h } from "../../web/dom.js";
import { segmented } from "../../web/segmented.js";
import { nameChoices } from "../../web/setting_names.js";
import { set, state, subscribe } from "../../web/store.js";

/** @typedef {keyof typeof state} Key */
/** @typedef {readonly (readonly [value: string, name: string])[]} Choices */

const TYPING_MS = 300;

/** @param {Key} key */
const textOf = (key) => String(state[key] ?? "");

/**
 * @param {Key} key
 * @param {unknown} value
 */
const put = (key, value) => set({ [key]: value });

/**
 * A choice of a few, as pills.
 * @param {HTMLElement} place
 * @param {Key} key
 * @param {{ label: string, choices: Choices }} about
 */
export function pills(place, key, { label, choices }) {
  nameChoices(key, choices);
  const row = segmented({
    label,
    choices: choices.map(([value, name]) => [value, name]),
    onSelect: (value) => put(key, value),
  });
  place.replaceChildren(row.element);
  subscribe(place, () => row.update(textOf(key)), [key]);
}

/**
 * A choice of several, as a list.
 * @param {HTMLSelectElement} select
 * @param {Key} key
 * @param {Choices} choices
 */
export function list(select, key, choices) {
  nameChoices(key, choices);
  select.replaceChildren(...choices.map(([value, name]) => h("option", { value }, name)));
  select.addEventListener("change", () => put(key, select.value));
  subscribe(select, () => {
    select.value = textOf(key);
  }, [key]);
}

/**
 * A box for text, which counts when typing pauses.
 * @param {HTMLInputElement | HTMLTextAreaElement} box
 * @param {Key} key
 */
export function typed(box, key) {
  let timer = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => put(key, box.value), TYPING_MS);
  });
  box.addEventListener("change", () => {
    clearTimeout(timer);
    put(key, box.value);
  });
  subscribe(box, () => {
    if (box.value !== textOf(key)) box.value = textOf(key);
  }, [key]);
}
