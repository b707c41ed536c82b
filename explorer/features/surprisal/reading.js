// A reading in sentences, and what its tokens can be coloured by: the more surprising, the stronger.
import { bitsShare, logShare, rankShare } from "../../web/colour.js";
import { bits, decimals, percent } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").ReadingAnswer} ReadingAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {Pick<ReadingAnswer, "surprisal" | "rank" | "entropy">} Scores */

const MOST_BITS = 12; // a choice among 4,096 equally likely tokens

/**
 * For each measure a share from 0, expected, to 1, surprising; what the two ends of its scale mean; and the number that
 * stands under a token.
 * @type {Record<"surprisal" | "probability" | "rank", { of: (reading: Scores, place: number) => number,
 *   low: () => string, high: () => string, written: (reading: Scores, place: number) => string }>}
 */
export const MEASURES = {
  surprisal: {
    of: ({ surprisal }, place) => 1 - bitsShare(surprisal[place], MOST_BITS),
    low: () => _("{bits}: expected", { bits: bits(0, 0) }),
    high: () => _("{bits} or more", { bits: bits(MOST_BITS, 0) }),
    written: ({ surprisal }, place) => decimals(surprisal[place], 1),
  },
  probability: {
    of: ({ surprisal }, place) => 1 - logShare(2 ** -surprisal[place]),
    low: () => percent(1),
    high: () => _("{share} or less", { share: percent(0.001) }),
    written: ({ surprisal }, place) => percent(2 ** -surprisal[place]),
  },
  rank: {
    of: ({ rank }, place) => 1 - rankShare(rank[place]),
    low: () => _("rank {rank}", { rank: 1 }),
    high: () => _("rank {rank} or worse", { rank: 1000 }),
    written: ({ rank }, place) => number(rank[place]),
  },
};

/**
 * @param {ReadingAnswer} reading
 * @param {readonly TokenRow[]} tokens
 * @param {boolean} isTarget  the tokens are those of a decoder that reads a source
 */
export function headlineOf({ pseudo, bits: all, top, positions, surprisal }, tokens, isTarget) {
  const values = {
    bits: bits(all),
    token: wordName(tokens[positions[top[0]]]),
    most: bits(surprisal[top[0]]),
  };
  if (pseudo) return _("Each token guessed from all others: {bits}; “{token}” surprised it most: {most}.", values);
  if (isTarget) return _("The target costs {bits}; “{token}” surprised it most: {most}.", values);
  return _("The text costs {bits}; “{token}” surprised it most: {most}.", values);
}

/**
 * The totals, each with its name and, for who points at it, what it means.
 * @param {ReadingAnswer} reading
 * @returns {{ name: string, value: string, meaning: string }[]}
 */
export function totals({ pseudo, perplexity, bits: all, bytes, bits_per_byte: perByte, positions }) {
  const values = { count: decimals(perplexity, 1), bits: decimals(all, 1), bytes: number(bytes) };
  return [
    {
      name: pseudo ? _("pseudo-perplexity") : _("perplexity"),
      value: values.count,
      meaning: _("On average it was as unsure as between {count} equally likely tokens.", values),
    },
    {
      name: _("bits per byte"),
      value: decimals(perByte, 2),
      meaning: _("{bits} bits for {bytes} bytes", values),
    },
    {
      name: _("tokens with a score"),
      value: number(positions.length),
      meaning: pseudo ? _("all but those that steer the model") : _("all but the first: it has no preceding context"),
    },
  ];
}

/** What a masked model's numbers are. */
export function pseudoNote() {
  const method = _(
    "Pseudo-log-likelihood (Salazar et al. 2020): each token was hidden and guessed from all the others.",
  );
  const limits = _("It is no probability of the text.");
  return `${method} ${limits}`;
}

/**
 * One token's numbers.
 * @param {Scores} reading
 * @param {number} place
 */
export function facts({ surprisal, rank, entropy }, place) {
  return _("{bits}, probability {share}, rank {rank}; the model was {entropy} unsure", {
    bits: bits(surprisal[place]),
    share: percent(2 ** -surprisal[place]),
    rank: number(rank[place]),
    entropy: bits(entropy[place]),
  });
}
