// What becomes of the winner without one head: asked once for each run, head and position, and never in the way.
import { percent } from "./format.js";
import { _ } from "./language.js";
import { call } from "./server.js";
import { state } from "./store.js";
import { tokenLabel } from "./tokens.js";

/** @typedef {import("./calls.d.ts").WithoutAnswer} WithoutAnswer */
/** @typedef {{ kind: string, layer: number, head: number }} Head */

/** @type {Map<string, Promise<WithoutAnswer | null>>} */
const asked = new Map();
const KEPT = 400;

/**
 * The answer for the main run; null where there is none, for this is said beside something and missed by nobody.
 * @param {Head} head
 * @param {number | null} [position]  null is where the text goes on
 * @returns {Promise<WithoutAnswer | null>}
 */
export function withoutHead({ kind, layer, head }, position = null) {
  const key = JSON.stringify([state.main?.run, kind, layer, head, position]);
  const known = asked.get(key);
  if (known) return known;
  if (asked.size >= KEPT) asked.clear();
  const answer = call("without_head", { run: "main", kind, layer, head, position }).catch(() => null);
  asked.set(key, answer);
  return answer;
}

/**
 * The answer in a few words; nothing where heads cannot be reached.
 * @param {WithoutAnswer | null} answer
 * @param {boolean} [isBrief]  without what leads in the winner's place
 */
export function withoutSentence(answer, isBrief = false) {
  if (answer?.after === null || answer?.after === undefined) return "";
  const values = {
    share: percent(answer.after),
    word: tokenLabel(answer.new_winner.trim() || answer.new_winner),
    rest: percent(answer.new_probability ?? 0),
  };
  if (isBrief || answer.new_winner === answer.winner) return _("without it: {share}", values);
  return _("without it: {share}; “{word}” leads with {rest}", values);
}
