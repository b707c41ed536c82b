// The token that the seed draws next: the distribution knows it, the text shows it before it is written.

/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */

/** @type {Set<(drawn: CandidateAnswer | null) => void>} */
const listeners = new Set();

/**
 * Says what is drawn next, null where nothing is.
 * @param {CandidateAnswer | null} drawn
 */
export function tellDrawn(drawn) {
  for (const listener of listeners) listener(drawn);
}

/** @param {(drawn: CandidateAnswer | null) => void} listener */
export function onDrawn(listener) {
  listeners.add(listener);
}
