// What two sides expect, as one list joined by text: for each token the bar of side A over the bar of side B.
import { h } from "./dom.js";
import { percent } from "./format.js";
import { _ } from "./language.js";
import { sideLetter } from "./sides.js";
import { stepNameParts } from "./steps.js";

/** @typedef {{ id: number, text: string, special: boolean, probability: number }} Guess */
/**
 * One token and its probability on each side; null where a side does not list it.
 * @typedef {object} Joined
 * @property {string} text
 * @property {boolean} special
 * @property {number | null} one
 * @property {number | null} other
 * @property {("A" | "B")[]} firstOf  the sides whose likeliest token it is
 */

/**
 * Two lists of guesses as one, the likeliest of either side first. One vocabulary is joined by token; two vocabularies
 * by what a token spells, without the space that one of them may write before it.
 * @param {readonly Guess[]} guesses  of side A, likeliest first
 * @param {readonly Guess[]} others  of side B
 * @param {boolean} sameVocabulary
 * @returns {Joined[]}
 */
export function joined(guesses, others, sameVocabulary) {
  const key = (/** @type {Guess} */ { id, text, special }) =>
    sameVocabulary ? String(id) : `${special}${text.trim() || text}`;
  /** @type {Map<string, Joined>} */
  const rows = new Map();
  /** @type {(list: readonly Guess[], side: "one" | "other", letter: "A" | "B") => void} */
  const add = (list, side, letter) => {
    for (const [rank, guess] of list.entries()) {
      const row = rows.get(key(guess)) ?? { ...named(guess), one: null, other: null, firstOf: [] };
      if (row[side] === null) row[side] = guess.probability; // the likeliest of those that spell the same
      if (rank === 0) row.firstOf = [...row.firstOf, letter];
      rows.set(key(guess), row);
    }
  };
  add(guesses, "one", "A");
  add(others, "other", "B");
  return [...rows.values()].sort((one, two) => most(two) - most(one));
}

/** @param {Guess} guess */
const named = ({ text, special }) => ({ text, special });

/** @param {Joined} row */
const most = ({ one, other }) => Math.max(one ?? 0, other ?? 0);

/**
 * The list, with bars as long as their shares.
 * @param {readonly Joined[]} rows
 */
export const joinedBars = (rows) => h("ol", { class: "joined" }, rows.map(rowNode));

/** @param {Joined} row */
function rowNode(row) {
  const sides = /** @type {const} */ ([
    ["A", row.one],
    ["B", row.other],
  ]);
  return h(
    "li",
    { class: "joined-row" },
    h("span", { class: "joined-name", dir: "auto" }, stepNameParts(row)),
    sides.map(([letter, share]) => barNode(letter, share, row.firstOf.includes(letter))),
  );
}

/**
 * @param {"A" | "B"} letter
 * @param {number | null} share
 * @param {boolean} isFirst
 */
function barNode(letter, share, isFirst) {
  const title = share === null ? _("not among the likeliest of side {letter}", { letter }) : null;
  return h(
    "span",
    { class: "joined-side", "data-side": letter, "data-first": isFirst, title },
    sideLetter(letter),
    h(
      "span",
      { class: "joined-track" },
      h("span", { class: "joined-bar", style: { width: `${100 * (share ?? 0)}%` } }),
    ),
    h("span", { class: "joined-share" }, share === null ? "–" : percent(share)),
  );
}
