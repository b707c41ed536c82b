// One token of the reading: its text without marks for spaces; what goes on with a word touches the word.
import { stepText } from "../../web/steps.js";
import { tile } from "../../web/tiles.js";
import { tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/**
 * @param {TokenRow} token
 * @param {number} position
 * @param {TokenRow | undefined} before
 */
export function tokenTile(token, position, before) {
  const written = token.special ? "" : stepText(token).trim();
  const isJoined = before !== undefined && !before.special && !/^\s/.test(token.text) && !/\s$/.test(before.text);
  return tile(written || tokenName(token), {
    "data-position": position,
    "data-joined": isJoined && written !== "",
    "aria-label": tokenName(token),
  });
}
