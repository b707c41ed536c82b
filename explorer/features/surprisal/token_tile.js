// One token of the reading: its text without marks for spaces; what goes on with a word touches the word.
import { stepText } from "../../web/steps.js";
import { tile } from "../../web/tiles.js";
import { tokenName, wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/**
 * Whether the second of two neighbours goes on where the first ends, without a space between.
 * @param {TokenRow | undefined} before
 * @param {TokenRow | undefined} after
 */
function joins(before, after) {
  if (!before || !after || before.special || after.special) return false;
  return after.text !== "" && !/^\s/.test(after.text) && !/\s$/.test(before.text);
}

/**
 * The tile of the token at `position`.
 * @param {readonly TokenRow[]} tokens
 * @param {number} position
 */
export function tokenTile(tokens, position) {
  const token = tokens[position];
  const written = token.special ? "" : stepText(token).trim();
  return tile(written || wordName(token), {
    "data-position": position,
    "data-joined": joins(tokens[position - 1], token),
    "data-joins": joins(token, tokens[position + 1]),
    "aria-label": tokenName(token),
  });
}
