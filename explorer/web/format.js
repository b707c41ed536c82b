// Measured values as a reader sees them: one format for each kind of value, everywhere.

import { _, _n, locale, number } from "./language.js";

const compactFormat = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });

/**
 * A probability or share in percent, one decimal: nothing that is not zero looks like zero.
 * @param {number} share
 */
export function percent(share) {
  if (share === 0 || share === 1) return `${number(100 * share)} %`;
  if (share > 0 && share < 0.001) return `< ${number(0.1, 1)} %`;
  return share > 0.9995 && share < 1 ? `> ${number(99.9, 1)} %` : `${number(100 * share, 1)} %`;
}

/** @param {number} share */
export const percentWhole = (share) => `${number(100 * share, 0)} %`;

/** @type {(value: number, digits: number) => string} */
export const decimals = (value, digits) => number(value, digits);

/**
 * A number with its sign.
 * @param {number} value
 * @param {number} [digits]
 */
export function signed(value, digits = 2) {
  const written = number(Math.abs(value), digits);
  if (!/[1-9]/.test(written)) return written;
  return `${value < 0 ? "−" : "+"}${written}`;
}

/** @type {(value: number, digits?: number) => string} */
export const bits = (value, digits = 1) => _("{number} bits", { number: number(value, digits) });

/** @param {number} value */
export const count = (value) => number(Math.round(value));

/** @param {number} value */
export const tokens = (value) => _n("{count} token", "{count} tokens", value);

/**
 * A large number in few characters: 1.2M.
 * @param {number} value
 */
export const compact = (value) => compactFormat.format(value);

/**
 * A text of at most `length` characters, an ellipsis at its end if it was longer.
 * @param {string} text
 * @param {number} length
 */
export function cut(text, length) {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length - 1).join("")}…` : text;
}

/**
 * The end of a text, at most `length` characters after an ellipsis.
 * @param {string} text
 * @param {number} length
 */
export function cutStart(text, length) {
  const characters = [...text];
  return characters.length > length ? `…${characters.slice(1 - length).join("")}` : text;
}
