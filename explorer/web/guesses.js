// What the model expects at one place, as bars: its first guess in the colour of what is said.

import { h } from "./dom.js";
import { percent } from "./format.js";
import { _ } from "./language.js";
import { stepNameParts } from "./steps.js";

/** @typedef {import("./calls.d.ts").CandidateAnswer} CandidateAnswer */
/** @typedef {Pick<CandidateAnswer, "id" | "text" | "special" | "probability" | "rank">} Guess */

/**
 * The likeliest tokens, likeliest first; the one that stands in the text is marked, and added where it is not listed.
 * @param {readonly Guess[]} guesses
 * @param {Guess | null} [actual]
 */
export function guessList(guesses, actual = null) {
  const isListed = actual !== null && guesses.some((guess) => guess.id === actual.id);
  const rows = actual && !isListed ? [...guesses, actual] : guesses;
  return h(
    "ol",
    { class: "guesses" },
    rows.map((guess) => guessNode(guess, guess.id === actual?.id)),
  );
}

/**
 * @param {Guess} guess
 * @param {boolean} isActual
 */
function guessNode(guess, isActual) {
  const marks = { "data-first": guess.rank === 1, "aria-current": isActual ? "true" : null };
  return h(
    "li",
    { class: "guess", title: _("rank {rank}", { rank: guess.rank }), ...marks },
    h("span", { class: "guess-name", dir: "auto" }, stepNameParts(guess)),
    h(
      "span",
      { class: "guess-track" },
      h("span", { class: "guess-bar", style: { width: `${100 * guess.probability}%` } }),
    ),
    h("span", { class: "guess-share" }, percent(guess.probability)),
  );
}
