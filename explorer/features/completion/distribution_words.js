// The distribution in sentences: the headline, how unsure, how many tokens are left, which rules removed them.
import { count, decimals, percent, percentWhole } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { stepName } from "../../web/steps.js";
import { gapName, wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").FoundAnswer} FoundAnswer */
/** @typedef {import("../../web/calls.d.ts").WordAnswer} WordAnswer */
/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */

const LONGEST_WORD = 24;

/**
 * The last word of a text, or what there is of it.
 * @param {string} text
 */
export function lastWord(text) {
  const sentinel = /<[^<>\s]+>$/u.exec(text.trimEnd())?.[0] ?? "";
  const gap = gapName({ text: sentinel, special: true });
  if (gap) return gap;
  const word = text.trimEnd().split(/\s+/u).at(-1) ?? "";
  const characters = [...word];
  return characters.length > LONGEST_WORD ? `…${characters.slice(-LONGEST_WORD).join("")}` : word;
}

/**
 * The headline: what the model expects, and what the rules make of that.
 * @param {FoundAnswer} found
 * @param {{ before: string, temperature: number, gap: number, gaps: number }} place  gaps: masks of the text, 0 where
 *   it is continued; gap: which one, counted from 0
 * @param {string} slot  stands where the guess does
 */
export function headlineSentence(found, { before, temperature, gap, gaps }, slot) {
  const [first] = [...found.candidates].sort((one, other) => one.rank - other.rank);
  const best = found.candidates.reduce((top, one) => (one.final_probability > top.final_probability ? one : top));
  const values = { before, guess: slot, share: percent(first.probability), final: percent(best.final_probability) };
  if (gaps === 1) return _("In the gap: {guess} {share}.", values);
  if (gaps) return _("In gap {gap} of {gaps}: {guess} {share}.", { ...values, gap: gap + 1, gaps });
  const start = before ? _("After “{before}”:", values) : _("At the start:");
  const plain = _("{guess} {share}.", values);
  if (!found.rules.length) return `${start} ${plain}`;
  if (best.id !== first.id) return `${start} ${otherSentence(values, best)}`;
  const [rule] = found.rules;
  const isWarmth = found.rules.length === 1 && rule.name === "temperature";
  const after = isWarmth
    ? _("{guess} {share}, at temperature {temperature} {final}.", { ...values, temperature: String(temperature) })
    : _("{guess} {share}, with these rules {final}.", values);
  return `${start} ${after}`;
}

/**
 * @param {object} values
 * @param {CandidateAnswer} best
 */
const otherSentence = (values, best) =>
  _("{guess} {share}, but with these rules rather “{other}” {final}.", { ...values, other: wordName(best) });

/**
 * As uncertain as how many equally likely tokens.
 * @param {number} bits
 */
function choices(bits) {
  const equal = 2 ** bits;
  return equal < 10 ? decimals(equal, 1) : count(equal);
}

/** How unsure, in one line. @param {FoundAnswer} found */
export function unsureSentence(found) {
  const values = { tokens: choices(found.entropy), final: choices(found.final_entropy) };
  if (!found.rules.length) return _("As unsure as among {tokens} equally likely tokens.", values);
  return _("As unsure as among {tokens} equally likely tokens; with the rules {final}.", values);
}

/** @param {FoundAnswer} found */
export function entropySentence(found) {
  const values = { bits: decimals(found.entropy, 2), final_bits: decimals(found.final_entropy, 2) };
  const before = _("Entropy {bits} bits, after the rules {final_bits} bits.", values);
  return `${before} ${keptSentence(found)}`;
}

/** @param {FoundAnswer} found */
function keptSentence({ kept, vocab, kept_mass: mass }) {
  if (kept === vocab) return _("All {vocab} tokens can be chosen.", { vocab });
  const values = { kept, vocab, share: percent(mass) };
  return _("{kept} of {vocab} tokens are left, which held {share} of the probability.", values);
}

/** @param {FoundAnswer} found */
export function rulesSentence({ rules }) {
  if (!rules.length) return _("No limits set: tokens are drawn with the model's own probabilities.");
  const names = rules.map(({ name, cut }) => (cut ? _("{rule} (removes {count})", { rule: name, count: cut }) : name));
  return _("Rules, in the order they apply: {rules}.", { rules: names.join(" → ") });
}

/** @param {FoundAnswer["mass"]} mass */
export function massSentence({ top_p: limit, kept }) {
  const values = { limit: decimals(limit, 2), kept, share: percentWhole(limit) };
  const cut =
    limit < 1
      ? _("top-p {limit} keeps the first {kept} tokens, where the line crosses {share}.", values)
      : _("top-p is off.");
  return _("Probability added up token by token, likeliest first (ranks on a log scale): {cut}", { cut });
}

/**
 * What the chance of a word counts in: its tokens are the beginning of whatever comes, which may go on as one word.
 * @param {boolean} atMask
 */
export const wordNote = (atMask) => (atMask ? "" : _("Longer words that begin with these tokens are counted in."));

/** @param {WordAnswer} told */
export function wordSentence({ steps, probability, final_probability: final }) {
  const factors = steps.map((one) => `${stepName(one)} ${percent(one.probability)}`).join(" × ");
  const product = steps.length > 1 ? ` = ${percent(probability)}` : "";
  if (final === probability) return factors + product;
  return _("{product}; after the rules {share}", { product: factors + product, share: percent(final) });
}
