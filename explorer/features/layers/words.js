// What the tab says: names of depths, readings and measures, its headline, the convention on its axis.

import { bitsShare, rankShare } from "../../web/colour.js";
import { bits, count, percent } from "../../web/format.js";
import { said } from "../../web/headline.js";
import { _, number } from "../../web/language.js";
import { stepName } from "../../web/steps.js";

/** @typedef {import("../../web/calls.d.ts").GridAnswer} GridAnswer */
/** @typedef {import("../../web/calls.d.ts").EntryAnswer} EntryAnswer */
/** @typedef {import("../../web/store.js").State["lens_by"]} Measure */

export const MOST_BITS = 10;

/** @returns {[string, string][]} */
export const lensNames = () => [
  ["logit", _("Logit lens")],
  ["tuned", _("Tuned lens")],
  ["jacobian", _("Jacobian lens")],
  ["decoder", _("DecoderLens")],
];

/** @returns {[Measure, string][]} */
export const measureNames = () => [
  ["probability", _("Probability")],
  ["entropy", _("Entropy")],
  ["rank", _("Rank of the answer")],
  ["kl", _("KL")],
];

/**
 * What cells can be coloured by: where on the scale, what the ends mean, and how a value is written.
 * @type {Record<Measure, {
 *   of: (grid: GridAnswer, depth: number, position: number, isWord: boolean) => number,
 *   written: (grid: GridAnswer, depth: number, position: number, isWord: boolean) => string,
 *   low: () => string, high: () => string }>}
 */
export const MEASURES = {
  probability: {
    of: (grid, depth, at, isWord) => (isWord ? grid.word_probability : grid.probability)[depth][at],
    written: (grid, depth, at, isWord) => percent((isWord ? grid.word_probability : grid.probability)[depth][at]),
    low: () => percent(0),
    high: () => percent(1),
  },
  entropy: {
    of: (grid, depth, at) => bitsShare(grid.entropy[depth][at], MOST_BITS),
    written: (grid, depth, at) => bits(grid.entropy[depth][at]),
    low: () => _("{bits}: unsure", { bits: bits(MOST_BITS, 0) }),
    high: () => _("{bits}: sure", { bits: bits(0, 0) }),
  },
  rank: {
    of: (grid, depth, at) => rankShare(grid.rank[depth][at]),
    written: (grid, depth, at) => _("rank {rank}", { rank: count(grid.rank[depth][at]) }),
    low: () => _("rank {rank} or worse", { rank: 1000 }),
    high: () => _("rank {rank}", { rank: 1 }),
  },
  kl: {
    of: (grid, depth, at) => bitsShare(grid.kl[depth][at], MOST_BITS),
    written: (grid, depth, at) => bits(grid.kl[depth][at]),
    low: () => _("{bits} or more from the model", { bits: bits(MOST_BITS, 0) }),
    high: () => _("{bits}: the model's own", { bits: bits(0, 0) }),
  },
};

/**
 * A token in a narrow cell: without the sign of the space before it.
 * @param {EntryAnswer} entry
 */
export function shortName(entry) {
  const name = stepName(entry);
  return name.length > 1 && name.startsWith("·") ? name.slice(1) : name;
}

/**
 * A token in a sentence: signs that a reader would take for the sentence's own stand in quotes.
 * @param {EntryAnswer} entry
 */
export function wordIn(entry) {
  const name = shortName(entry);
  return /^\p{P}+$/u.test(name) ? `“${name}”` : name;
}

/**
 * The first depth from which on the answer stays in the lead.
 * @param {GridAnswer} grid
 * @param {number} position
 */
export function settled(grid, position) {
  let depth = grid.rank.length - 1;
  while (depth > 0 && grid.rank[depth - 1][position] === 1) depth -= 1;
  return depth;
}

/**
 * The headline's parts: where the answer of a position takes the lead, and what stood there before.
 * @param {GridAnswer} grid
 * @param {number} position
 * @returns {(Node | string)[]}
 */
export function headlineOf(grid, position) {
  const depth = settled(grid, position);
  const last = grid.rank.length - 1;
  const answer = said(wordIn(grid.entries[grid.own[position]]));
  const kept = { depth, last, word: "{word}", before: "{before}" };
  if (depth === 0)
    return around(_("{word} leads from the embedding on, at each of {last} depths", kept), { word: answer });
  const before = said(wordIn(grid.entries[grid.best[depth - 1][position]]));
  if (depth === last)
    return around(_("{word} leads at the last depth only, {last}; before it, {before}", kept), {
      word: answer,
      before,
    });
  const sentence =
    grid.lens === "decoder"
      ? _("{word} leads from encoder depth {depth} of {last} on; before it, {before}", kept)
      : _("{word} leads from depth {depth} of {last} on; before it, {before}", kept);
  return around(sentence, { word: answer, before });
}

/**
 * A sentence with nodes in the places of the names that were left in it.
 * @param {string} sentence
 * @param {Record<string, Node>} places
 * @returns {(Node | string)[]}
 */
function around(sentence, places) {
  return sentence.split(/(\{\w+\})/).map((part) => places[part.slice(1, -1)] ?? part);
}

/**
 * What the axis counts.
 * @param {GridAnswer} grid
 * @param {boolean} isEncoder  whether each column guesses its own token, not the next
 */
export function axisOf(grid, isEncoder) {
  const last = grid.rank.length - 1;
  const depths =
    grid.lens === "decoder"
      ? _("Depth 0 is the encoder's embedding, depth {last} its last block; the decoder reads each as the end.", {
          last,
        })
      : _("Depth 0 is the embedding, depth {last} the last block: the model's own answer.", { last });
  const columns = isEncoder
    ? _("Each column guesses its own token.")
    : _("Each column guesses what comes after its token.");
  return `${depths} ${columns}`;
}

/**
 * What is said of one cell.
 * @param {GridAnswer} grid
 * @param {number} depth
 * @param {number} position
 * @param {string} token  the column's
 */
export function cellTitle(grid, depth, position, token) {
  const values = {
    ...{ depth, token, word: stepName(grid.entries[grid.best[depth][position]]) },
    ...{ share: percent(grid.probability[depth][position]), entropy: bits(grid.entropy[depth][position]) },
    ...{ rank: count(grid.rank[depth][position]), kl: number(grid.kl[depth][position], 1) },
    own: stepName(grid.entries[grid.own[position]]),
  };
  return _(
    "Depth {depth} at “{token}”: “{word}” {share}; entropy {entropy}; the answer “{own}” has rank {rank}; KL {kl} bits",
    values,
  );
}
