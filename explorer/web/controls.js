// Native controls and boxes, set by scripts: Gradio owns them, the bridge in the page reaches them.
import { set, state } from "./store.js";

/** @typedef {{ model: string, text: string, target: string }} Prompt */
/** @typedef {{ controls: () => void, prompt: (values: Prompt) => void }} Bridge */

/** @type {Bridge | null} */
let bridge = null;
/** @type {Prompt | null} */
let waiting = null;
let settled = false;

/** Whether Gradio's own boxes and buttons are there and listen. */
export const isSettled = () => settled;

/**
 * The page's bridge says that it is there; what was asked for before is done now.
 * @param {Bridge} built
 */
export function adoptBridge(built) {
  bridge = built;
  if (waiting) built.prompt(waiting);
  waiting = null;
  built.controls();
  // Until now a native control could only repeat its first value; from now on it says what a person did.
  setTimeout(() => {
    settled = true;
  }, 0);
}

/**
 * Sets declared controls, native or not.
 * @param {Partial<import("./store.js").State>} values
 */
export function setControls(values) {
  set(values);
  bridge?.controls();
}

/**
 * A native control changed.
 * @param {string} key
 * @param {unknown} value
 */
export function controlChanged(key, value) {
  if (settled) set({ [key]: value });
}

/**
 * Shows in the prompt what is being run.
 * @param {Prompt} values
 */
export function fillPrompt(values) {
  if (bridge) bridge.prompt(values);
  else waiting = values;
}

/** The texts in the prompt's boxes as they are typed now. */
export function typedTexts() {
  const [text, target] = ["#text textarea", "#target textarea"].map((box) => {
    const found = document.querySelector(box);
    return found instanceof HTMLTextAreaElement ? found.value : "";
  });
  return { text, target };
}

/**
 * The values of native controls in the order of their keys.
 * @param {string[]} keys
 */
export const valuesOf = (keys) => keys.map((key) => Reflect.get(state, key));
