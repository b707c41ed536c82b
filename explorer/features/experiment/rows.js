// Which tokens are shown of both distributions, and in which order.
import { gapName, tokenLabel } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").ExperimentAnswer} ExperimentAnswer */
/** @typedef {{ id: number, name: string, before: number, after: number }} Row */

/** @param {{ text: string, special: boolean }} token */
const nameOf = (token) => (token.special ? gapName(token) || token.text : tokenLabel(token.text.trim() || token.text));

/**
 * Every token whose probability is known on both sides.
 * @param {ExperimentAnswer} answer
 * @returns {Row[]}
 */
function known({ before, after, gained, lost }) {
  /** @type {Map<number, Row>} */
  const rows = new Map();
  const later = new Map(after.map((one) => [one.id, one]));
  for (const one of before) {
    const other = later.get(one.id);
    if (other) rows.set(one.id, { id: one.id, name: nameOf(one), before: one.probability, after: other.probability });
  }
  for (const one of [...gained, ...lost]) {
    rows.set(one.id, { id: one.id, name: nameOf(one), before: one.before, after: one.after });
  }
  return [...rows.values()];
}

/**
 * The rows of the picture.
 * @param {ExperimentAnswer} answer
 * @param {string} order  "likeliest" on either side, or "moved" most
 * @param {number} most
 * @returns {Row[]}
 */
export function rowsOf(answer, order, most) {
  const size = (/** @type {Row} */ { before, after }) =>
    order === "moved" ? Math.abs(after - before) : Math.max(before, after);
  return known(answer)
    .sort((one, other) => size(other) - size(one) || one.id - other.id)
    .slice(0, most);
}

/**
 * The likeliest token of each side; the one before with its probability after.
 * @param {ExperimentAnswer} answer
 */
export function leader(answer) {
  const [first] = answer.before;
  const [last] = answer.after;
  const later =
    answer.after.find(({ id }) => id === first.id)?.probability ??
    [...answer.lost, ...answer.gained].find(({ id }) => id === first.id)?.after ??
    0;
  return {
    before: { id: first.id, name: nameOf(first), share: first.probability, later },
    after: { id: last.id, name: nameOf(last), share: last.probability },
  };
}
