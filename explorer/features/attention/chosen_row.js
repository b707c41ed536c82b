// The chosen token's row (or column) of the pattern, as the headline and the side column tell it.
import { floats } from "../../web/base64.js";
import { _ } from "../../web/language.js";
import { call } from "../../web/server.js";
import { state } from "../../web/store.js";
import { rowOf, stacksNow, tokensOf } from "./asked.js";
import { habitOf } from "./habits.js";
import { keptScores, scoresOf } from "./measured.js";
import { largestUnits } from "./shading.js";
import { quoted, wordOf } from "./words.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").ShadingAnswer} ShadingAnswer */
/** @typedef {ShadingAnswer & { values: Float32Array, run: RunFacts, position: number }} Row */

/**
 * @param {ReturnType<typeof import("../../web/server.js").latest>} ask
 * @param {RunFacts} run
 * @returns {Promise<Row>}
 */
export async function askRow(ask, run) {
  const question = rowOf(run);
  const answer = await ask("shading", question);
  return { ...answer, values: floats(answer.weights), run, position: question.position };
}

/** Whether the pattern is simply that of one head. */
export const isOneHead = () => state.attention_heads === "one" && state.attention_reading !== "rollout";

/**
 * What the chosen head does, if it is one and has been measured.
 * @param {string} run  its name
 */
export const habitNow = (run) => (isOneHead() ? habitOf(scoresOf(keptScores(run), state.layer, state.head)) : null);

/**
 * The same, measured now where the grid has not been read yet: it is not on the screen when the page presents.
 * @param {import("../../web/store.js").RunName} run
 */
export async function askHabit(run) {
  const known = habitNow(run);
  const { layer, head, kind, attention_left_out: left_out } = state;
  if (known || !isOneHead()) return known;
  const { scores } = await call("overview", { run, kind, left_out, first: layer, last: layer + 1 });
  return habitOf(scoresOf(scores, 0, head));
}

/**
 * The chosen token (or word) in quotes.
 * @param {Row} row
 */
export const hereOf = ({ run, chosen: [first, last] }) =>
  quoted(wordOf(tokensOf(run, stacksNow(run).chosen).slice(first, last)));

/**
 * The token (or word) at one unit of the row.
 * @param {Row} row
 * @param {number} unit
 */
export function thereOf({ run, groups }, unit) {
  const [first, last] = groups ? [groups[unit], groups[unit + 1]] : [unit, unit + 1];
  return { position: first, word: wordOf(tokensOf(run, stacksNow(run).other).slice(first, last)) };
}

/**
 * The strongest link of the chosen token; null if everything is left out.
 * @param {Row} row
 */
export function linkOf(row) {
  const [best] = largestUnits(row.values, 1);
  if (best === undefined) return null;
  const { chosen, other } = stacksNow(row.run);
  const { position: key, word } = thereOf(row, best);
  const isItself = chosen === other && key >= row.chosen[0] && key < row.chosen[1];
  return { key, here: hereOf(row), there: isItself ? _("itself") : quoted(word), weight: row.values[best] };
}
