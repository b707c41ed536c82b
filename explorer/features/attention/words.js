// Tokens as a reader meets them in a sentence: without the sign for the space before a word, gaps with their number.
import { _ } from "../../web/language.js";
import { joinGroups } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

const GAP = /^<extra_id_(\d+)>$/; // T5's sentinels

/**
 * Neighbouring tokens as one word.
 * @param {readonly TokenRow[]} tokens
 */
export function wordOf(tokens) {
  const gap = tokens.length === 1 && tokens[0].special ? GAP.exec(tokens[0].piece) : null;
  if (gap) return _("gap {number}", { number: Number(gap[1]) + 1 });
  return joinGroups(tokens).replace(/^·(?=[^·])/u, "");
}

/** @param {string} word */
export const quoted = (word) => `“${word}”`;
