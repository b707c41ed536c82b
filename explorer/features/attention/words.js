// Tokens as a reader meets them in a sentence: without the sign for the space before a word, gaps with their number.
import { gapName, joinGroups } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/**
 * Neighbouring tokens as one word.
 * @param {readonly TokenRow[]} tokens
 */
export function wordOf(tokens) {
  return (tokens.length === 1 && gapName(tokens[0])) || joinGroups(tokens).replace(/^·(?=[^·])/u, "");
}

/** @param {string} word */
export const quoted = (word) => `“${word}”`;
