// What a setting and its values are called on the page, for what is said of a picture elsewhere: in a file of it.
import { config } from "./configuration.js";

/** @type {Map<string, Map<string, string>>} */
const told = new Map();

/**
 * A view says what the values of its own choice are called; native controls have said it already.
 * @param {string} key
 * @param {readonly (readonly [value: string, name: string])[]} choices
 */
export const nameChoices = (key, choices) => told.set(key, new Map(choices));

/**
 * What a value of a setting is called on the page.
 * @param {string} key
 * @param {unknown} value
 */
export function choiceName(key, value) {
  const text = String(value ?? "");
  return told.get(key)?.get(text) ?? config.names[key]?.choices?.[text] ?? text;
}

/**
 * What stands beside a native control.
 * @param {string} key
 */
export const settingName = (key) => config.names[key]?.label ?? key;
