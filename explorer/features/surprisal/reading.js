// A reading in sentences, and what its tokens can be coloured by.
import { bitsShare, logShare, rankShare } from "../../web/colour.js";
import { bits, decimals, percent, smallPercent } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").ReadingAnswer} ReadingAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {Pick<ReadingAnswer, "surprisal" | "rank" | "entropy">} Scores */

const MOST_BITS = 16;

/**
 * A share from 0 to 1 for each measure, and what the two ends of its scale mean.
 * @type {Record<"surprisal" | "probability" | "rank",
 *   { of: (reading: Scores, place: number) => number, low: () => string, high: () => string }>}
 */
export const MEASURES = {
  surprisal: {
    of: ({ surprisal }, place) => bitsShare(surprisal[place], MOST_BITS),
    low: () => _("{bits} or more", { bits: bits(MOST_BITS, 0) }),
    high: () => _("{bits}: expected", { bits: bits(0, 0) }),
  },
  probability: {
    of: ({ surprisal }, place) => logShare(2 ** -surprisal[place]),
    low: () => _("{share} or less", { share: percent(0.001) }),
    high: () => percent(1),
  },
  rank: {
    of: ({ rank }, place) => rankShare(rank[place]),
    low: () => _("rank {rank} or worse", { rank: 1000 }),
    high: () => _("rank {rank}", { rank: 1 }),
  },
};

/** @param {ReadingAnswer} reading */
export function totals({ pseudo, perplexity, bits: all, bytes, bits_per_byte: perByte }) {
  const values = {
    perplexity: decimals(perplexity, 1),
    bits: decimals(all, 1),
    bytes,
    per_byte: decimals(perByte, 2),
  };
  const name = pseudo
    ? _("Pseudo-perplexity {perplexity}: on average as unsure as between {perplexity} equally likely tokens.", values)
    : _("Perplexity {perplexity}: on average as unsure as between {perplexity} equally likely tokens.", values);
  const share = _("{bits} bits for {bytes} bytes, {per_byte} bits per byte.", values);
  return `${name} ${share}`;
}

/**
 * What the numbers are not about.
 * @param {ReadingAnswer} reading
 * @param {readonly TokenRow[]} tokens
 */
export function noteOn({ pseudo }, tokens) {
  if (pseudo) {
    const method = _(
      "Pseudo-log-likelihood (Salazar et al. 2020): each token was hidden and guessed from all the others.",
    );
    const limits = _("It is no probability of the text.");
    return `${method} ${limits}`;
  }
  return _("The first token, {token}, has no score: it has no preceding context.", { token: tokenName(tokens[0]) });
}

/**
 * One token's numbers.
 * @param {Scores} reading
 * @param {number} place
 */
export function facts({ surprisal, rank, entropy }, place) {
  return _("{bits}, probability {share}, rank {rank}; the model was {entropy} unsure", {
    bits: bits(surprisal[place], 2),
    share: smallPercent(2 ** -surprisal[place]),
    rank: number(rank[place]),
    entropy: bits(entropy[place], 2),
  });
}
