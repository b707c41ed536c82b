// The distribution in sentences: how unsure, how many tokens are left, which rules removed them, what top-p adds up.
import { count, decimals, percent, percentWhole, smallPercent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { stepName } from "../../web/steps.js";

/** @typedef {import("../../web/calls.d.ts").FoundAnswer} FoundAnswer */
/** @typedef {import("../../web/calls.d.ts").WordAnswer} WordAnswer */

/**
 * As uncertain as how many equally likely tokens.
 * @param {number} bits
 */
function choices(bits) {
  const equal = 2 ** bits;
  return equal < 10 ? decimals(equal, 1) : count(equal);
}

/** @param {FoundAnswer} found */
export function entropySentence(found) {
  const values = {
    bits: decimals(found.entropy, 2),
    tokens: choices(found.entropy),
    final_bits: decimals(found.final_entropy, 2),
    final_tokens: choices(found.final_entropy),
  };
  const before = _("Entropy {bits} bits, as uncertain as {tokens} equally likely tokens;", values);
  const after = _("after the rules {final_bits} bits, {final_tokens} tokens.", values);
  return `${before} ${after} ${keptSentence(found)}`;
}

/** @param {FoundAnswer} found */
function keptSentence({ kept, vocab, kept_mass: mass }) {
  if (kept === vocab) return _("All {vocab} tokens can be sampled.", { vocab });
  const values = { kept, vocab, share: percent(mass) };
  return _("{kept} of {vocab} tokens are left, which held {share} of the probability.", values);
}

/** @param {FoundAnswer} found */
export function rulesSentence({ rules }) {
  if (!rules.length) return _("No rule is in force: tokens are drawn with the model's own probabilities.");
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

/** @param {WordAnswer} told */
export function wordSentence({ steps, probability, final_probability: final }) {
  const factors = steps.map((one) => `${stepName(one)} ${smallPercent(one.probability)}`).join(" × ");
  const product = steps.length > 1 ? ` = ${smallPercent(probability)}` : "";
  if (final === probability) return factors + product;
  return _("{product}; after the rules {share}", { product: factors + product, share: smallPercent(final) });
}
