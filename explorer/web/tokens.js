// How a token is shown: spaces, breaks and invisible characters get a sign of their own.

import { _ } from "./language.js";

/** @typedef {{text: string, special?: boolean, piece?: string, group?: number}} TokenLike a token or a candidate */

/** @type {Record<string, string>} */
const NAMED = {
  " ": "·",
  "\n": "↵",
  "\r": "␍",
  "\t": "⇥",
  "\u00a0": "⍽",
  "\u00ad": "‐",
  "\u2028": "↵",
  "\u2029": "¶",
};
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zs}\p{Co}\p{Cn}]/u;
const JOINER = "\u200d"; // holds the parts of one emoji together
const JOINED = /\p{Extended_Pictographic}\u200d|\p{Extended_Pictographic}\ufe0f/u;

/** @param {string} character */
const codePoint = (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/**
 * A token's text with everything invisible made visible.
 * @param {string} text
 */
export function tokenLabel(text) {
  const keepJoiners = JOINED.test(text);
  const spelled = [...text].map((character) => {
    if (character in NAMED) return NAMED[character];
    if (keepJoiners && character === JOINER) return character;
    return HIDDEN.test(character) ? codePoint(character) : character;
  });
  return (/^\p{M}/u.test(text) ? "◌" : "") + spelled.join("");
}

const GAP = /^<extra_id_(\d+)>$/; // T5's sentinels

/** @param {string} piece */
function gapOf(piece) {
  const gap = GAP.exec(piece);
  return gap ? _("gap {number}", { number: Number(gap[1]) + 1 }) : "";
}

/**
 * What a token that stands for a gap is called, gaps counted from one; empty for any other.
 * @param {TokenLike} token
 */
export const gapName = ({ text, special, piece }) => (special ? gapOf(piece ?? text) : "");

/**
 * What a token is called: gaps by their number, other special ones, and those that spell nothing by themselves, by
 * their piece of the vocabulary.
 * @param {TokenLike} token
 */
export const tokenName = (token) =>
  token.special || token.text === "" ? gapName(token) || (token.piece ?? token.text) : tokenLabel(token.text);

/**
 * A token as a word among words: without the space it begins with, if anything is left then; a gap with its number.
 * @param {TokenLike} token
 */
export function wordName(token) {
  const { text, special } = token;
  if (special) return tokenName(token);
  return text.trim() ? tokenLabel(text.trim()) : tokenName(token) || _("(empty)");
}

/**
 * What an entry of the vocabulary is called; some spell nothing.
 * @param {string} text
 */
export const entryName = (text) => gapOf(text) || tokenLabel(text) || _("(empty)");

/**
 * The names of neighbouring tokens as one: tokens that spell one character together name it once.
 * @param {readonly TokenLike[]} tokens
 */
export function joinGroups(tokens) {
  const names = tokens.map((token, place) => {
    const repeated = place > 0 && token.group !== undefined && token.group === tokens[place - 1].group;
    return repeated ? "" : tokenName(token);
  });
  return names.join("");
}

/**
 * Whether a line ends in this token's text.
 * @param {string} text
 */
export const isBreak = (text) => text.includes("\n");
