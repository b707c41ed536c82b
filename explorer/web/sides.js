// Two sides of a comparison, as every tab names and asks for them.
import { h } from "./dom.js";
import { _ } from "./language.js";
import { state } from "./store.js";

/** @typedef {import("./store.js").RunFacts} RunFacts */
/** @typedef {import("./calls.d.ts").PairFacts} PairFacts */
/** @typedef {{ main: RunFacts, other: RunFacts, pair: PairFacts }} Sides */

/** What a call for two runs is asked with. */
export const BOTH = /** @type {const} */ ({ run: "main", beside: "other" });

/** What a comparison listens to in the store: the two runs come with it. */
export const PAIR = "pair";

/**
 * Both sides and how they correspond, once all three are known.
 * @returns {Sides | null}
 */
export function sidesOf() {
  const { main, other, pair } = state;
  return main && other && pair ? { main, other, pair } : null;
}

/** Whether every tab shows both sides. */
export const showsBoth = () => state.other !== null && state.compare_view === "both";

/**
 * What tells two sides apart, in a few words each: the model, the changes, else the text.
 * @param {Sides} sides
 * @returns {[string, string]}
 */
export function sideNames({ main, other, pair }) {
  if (!pair.same_model) return [main.model, other.model];
  if (pair.same_text) return [changed(main), changed(other)];
  return [cut(main.target || main.text), cut(other.target || other.text)];
}

/** @param {RunFacts} run */
const changed = ({ changes }) => (changes.length ? _("changed model") : _("unchanged model"));

const LONGEST = 48; // characters

/** @param {string} text */
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/**
 * The letter of a side, as it stands before everything of that side.
 * @param {"A" | "B"} letter
 */
export const sideLetter = (letter) => h("strong", { class: "side-letter" }, letter);

/**
 * The place in the other run of a selected token; null where it has no counterpart there.
 * @param {import("./store.js").Selected | null} token
 * @param {PairFacts} pair
 * @returns {import("./store.js").Selected | null}
 */
export function counterpart(token, pair) {
  if (!token) return null;
  const list = token.stack === "target" ? pair.target_counterparts : pair.counterparts;
  const position = list[token.position] ?? null;
  return position === null ? null : { stack: token.stack, position };
}

/**
 * A depth or layer of one run at the same fraction of the other's depth.
 * @param {number} place  from 0
 * @param {number} last  the last one of its run
 * @param {number} otherLast  the last one of the other
 */
export const relative = (place, last, otherLast) => (last ? Math.round((place / last) * otherLast) : 0);
