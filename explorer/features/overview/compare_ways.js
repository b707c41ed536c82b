// Two runs' ways to what they say: which columns the two texts share, and where their guesses first differ.
import { relative } from "../../web/sides.js";
import { guessName } from "./sentences.js";

/** @typedef {import("../../web/calls.d.ts").WaysAnswer} WaysAnswer */
/** @typedef {import("../../web/calls.d.ts").Guess} Guess */
/** @typedef {{ here: number | null, there: number | null }} Column  positions on both sides; null for none */

/**
 * The tokens of both texts in one order: those that correspond share a column.
 * @param {readonly number[][]} pairs  in order
 * @param {number} count  of tokens of side A
 * @param {number} others
 * @returns {Column[]}
 */
export function columnsOf(pairs, count, others) {
  /** @type {Column[]} */
  const found = [];
  let [here, there] = [0, 0];
  for (const [nextHere, nextThere] of [...pairs, [count, others]]) {
    for (; here < nextHere; here += 1) found.push({ here, there: null });
    for (; there < nextThere; there += 1) found.push({ here: null, there });
    if (here < count && there < others) found.push({ here, there });
    here += 1;
    there += 1;
  }
  return found;
}

/**
 * Side A's depths, each with side B's at the same fraction of its depth; only the last where one cannot be read.
 * @param {WaysAnswer} answer
 * @returns {[number, number][]}
 */
export function depthPairs({ one, other }) {
  const [last, otherLast] = [one.depths.length - 1, other.depths.length - 1];
  if (!last || !otherLast) return [[last, otherLast]];
  return one.depths.map((_depth, depth) => [depth, relative(depth, last, otherLast)]);
}

/**
 * Whether two guesses are the same word: one vocabulary is compared by token, two by what they spell.
 * @param {Guess} guess
 * @param {Guess} other
 * @param {boolean} sameVocabulary
 */
export const agree = (guess, other, sameVocabulary) =>
  sameVocabulary ? guess.id === other.id : guessName(guess) === guessName(other);

/**
 * The first of the depths at which both sides would say another word; −1 if there is none.
 * @param {WaysAnswer} answer
 * @param {boolean} sameVocabulary
 */
export const partsAt = (answer, sameVocabulary) =>
  depthPairs(answer).findIndex(([here, there]) => {
    const [guess, other] = [answer.one.depths[here].guesses[0], answer.other.depths[there].guesses[0]];
    return !agree(guess, other, sameVocabulary);
  });

/**
 * The lines of Python that read both sides depth by depth; of a side whose depths cannot be read, what comes out.
 * @param {WaysAnswer} answer
 * @returns {{ imports?: string[], python: string[] }}
 */
export function programOf(answer) {
  const { one, other, kl } = answer;
  if (one.unread || other.unread) {
    const last = (/** @type {string} */ model, /** @type {string} */ trace, /** @type {number} */ at) =>
      `${model}.token_text(int(${trace}.logits_at(${at}).argmax()))`;
    return {
      python: [`rows = [(${last("model", "trace", one.position)}, ${last("other", "other_trace", other.position)})]`],
    };
  }
  const guess = (/** @type {string} */ model, /** @type {string} */ trace, /** @type {string} */ depth, at = 0) =>
    `${model}.token_text(int(${trace}.lens(${depth}, positions=slice(${at}, ${at + 1}))[0].argmax()))`;
  const pairs = depthPairs(answer).map((pair) => `(${pair.join(", ")})`);
  return {
    imports: kl ? ["from models.comparison.streams import depth_kl"] : [],
    python: [
      `depths = [${pairs.join(", ")}]`,
      `rows = [(here, ${guess("model", "trace", "here", one.position)},`,
      `         there, ${guess("other", "other_trace", "there", other.position)}) for here, there in depths]`,
      ...(kl ? [`print(depth_kl(trace, other_trace, ${one.position}, ${other.position}))`] : []),
    ],
  };
}
