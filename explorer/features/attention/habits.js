// What a head does, told by its scores: the first habit that is strong enough names it.
import { decimals, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";

/** @typedef {Record<string, number | null>} Scores  of one head, by key */
/** @typedef {"copies" | "previous" | "itself" | "same" | "first" | "focused" | "wide"} Habit */
/**
 * @typedef {object} Known
 * @property {Habit} habit
 * @property {number} value  a share of attention; for focused and wide the number of equal tokens it is as if it saw
 */

/** @type {[Habit, number][]} */
const STRONG = [
  ["copies", 0.35],
  ["previous", 0.4],
  ["itself", 0.4],
  ["same", 0.3],
  ["first", 0.5],
];
const FEW_TOKENS = 3;
const HALF = 0.5;

/**
 * @param {Scores | null} scores
 * @returns {Known | null}
 */
export function habitOf(scores) {
  if (!scores) return null;
  for (const [habit, least] of STRONG) {
    const value = scores[habit] ?? 0;
    if (value >= least) return { habit, value };
  }
  const { entropy } = scores;
  if (entropy === null || entropy === undefined) return null;
  return { habit: 2 ** entropy < FEW_TOKENS ? "focused" : "wide", value: 2 ** entropy };
}

/**
 * One or two words, for a title.
 * @param {Habit} habit
 */
export function shortName(habit) {
  if (habit === "copies") return _("copies");
  if (habit === "previous") return _("one back");
  if (habit === "itself") return _("itself");
  if (habit === "same") return _("same word");
  if (habit === "first") return _("parks");
  return habit === "focused" ? _("focused") : _("looks widely");
}

/**
 * What follows the head's name in a sentence.
 * @param {Habit} habit
 */
export function doing(habit) {
  if (habit === "copies") return _("looks at what came after the same word last time");
  if (habit === "previous") return _("looks one token back");
  if (habit === "itself") return _("looks at the token itself");
  if (habit === "same") return _("looks at the same word elsewhere");
  if (habit === "first") return _("rests on the first token");
  return habit === "focused" ? _("picks few tokens at a time") : _("spreads its look");
}

/**
 * The number behind it, in words.
 * @param {Known} known
 */
export function measure({ habit, value }) {
  const tokens = decimals(value, 1);
  if (habit === "focused" || habit === "wide") return _("On average as if choosing among {tokens} tokens.", { tokens });
  if (habit === "copies")
    return _("{share} of its look, on average where a word comes again.", { share: percent(value) });
  return _("{share} of its look, on average.", { share: percent(value) });
}

/**
 * Whether a link between two tokens is an example of the habit.
 * @param {Habit} habit
 * @param {readonly { id: number }[]} tokens  of the one text that looks at itself
 * @param {{ query: number, key: number, weight: number | null }} link  weight: its share of the row, if it is one
 */
export function isExample(habit, tokens, { query, key, weight }) {
  if (habit === "copies") return key > 0 && key <= query && tokens[key - 1].id === tokens[query].id;
  if (habit === "previous") return key === query - 1;
  if (habit === "itself") return key === query;
  if (habit === "same") return key !== query && tokens[key].id === tokens[query].id;
  if (habit === "first") return key === 0;
  return weight !== null && (habit === "focused" ? weight >= HALF : weight < HALF);
}
