// Attributions in words: the methods' names, the headline, what is said of one value.
import { percent, percentWhole, signed } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { gapName, tokenName } from "../../web/tokens.js";
import { wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").MethodAnswer} MethodAnswer */
/** @typedef {import("../../web/calls.d.ts").AskedAnswer} AskedAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {typeof import("../../web/store.js").state.why_method} Method */

const exact = (/** @type {number} */ value) => number(value, 4);
const [MORE_STEPS, MOST_STEPS] = [200, 1000];
const TRUSTED = 0.05; // of the difference; a larger error of completeness is pointed out

/**
 * What a method is called, in full and above a narrow column.
 * @param {string} method
 * @returns {[name: string, short: string]}
 */
export function methodNames(method) {
  /** @type {Record<string, [string, string]>} */
  const names = {
    gradient_input: [_("gradient × input"), _("grad.")],
    integrated_gradients: [_("integrated gradients"), _("integr.")],
    leave_one_out_masked: [_("left out: hidden"), _("hidden")],
    leave_one_out_replaced: [_("left out: replaced"), _("repl.")],
    leave_one_out_removed: [_("left out: deleted"), _("del.")],
    source: [_("brought by heads"), _("heads")],
    rollout: [_("attention rollout"), _("rollout")],
  };
  return names[method] ?? [method, method];
}

/**
 * What a method does, in one sentence.
 * @param {string} method
 * @param {number} steps  of integrated gradients
 */
export function methodMeaning(method, steps) {
  /** @type {Record<string, string>} */
  const meanings = {
    gradient_input: _("How the logit would change with a small step of each embedding, times the embedding."),
    integrated_gradients: _("Gradients added up on the way from the baseline to the text, in {steps} steps.", {
      steps,
    }),
    leave_one_out_masked: _("What the logit loses when no other token may attend to this one."),
    leave_one_out_replaced: _("What the logit loses when the baseline stands in the place of this embedding."),
    leave_one_out_removed: _("What the logit loses when the token is deleted from the text."),
    source: _("What all heads together bring from each token; what the position holds by itself is not in it."),
    rollout: _("Shares of attention followed through all layers; they do not depend on the token asked about."),
  };
  return meanings[method] ?? "";
}

/**
 * A value as it stands in a cell.
 * @param {string} method
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function valueText(method, value, digits = 1) {
  if (value === null || value === undefined) return "–";
  return method === "rollout" ? number(value, digits + 1) : signed(value, digits);
}

/**
 * A token as the head of its column.
 * @param {TokenRow} token
 */
export const columnName = (token) =>
  token.special ? gapName(token) || token.piece.trim() : token.text.trim() || tokenName(token);

/**
 * What is said of one cell.
 * @param {MethodAnswer} found
 * @param {number} place
 * @param {readonly TokenRow[]} tokens
 */
export function cellSentence({ method, values }, place, tokens) {
  const value = values[place];
  const named = { token: columnName(tokens[place]), method: methodNames(method)[0] };
  if (value === null || value === undefined) return _("“{token}”: {method} says nothing of it.", named);
  if (method === "rollout") return _("“{token}”: {share} by {method}.", { ...named, share: percent(value) });
  return _("“{token}”: {value} by {method}.", { ...named, value: signed(value, 3) });
}

/**
 * The share of the difference between output and baseline output that the values miss; 0 where that is no question.
 * @param {MethodAnswer} found
 * @param {AskedAnswer} asked
 */
function missed({ baseline_output: low, completeness_error: error }, { output }) {
  return low === null || error === null ? 0 : Math.abs(error / (output - low));
}

/**
 * The headline over one token left out.
 * @param {string} method
 * @param {{ source: string, word: string, total: string, change: string }} numbers
 * @param {boolean} isLead  whether the number is a lead over another token
 */
function withoutSentence(method, numbers, isLead) {
  /** @type {Record<string, [string, string]>} */
  const sentences = {
    leave_one_out_masked: [
      _("{word} scores {total}; hiding “{source}” changes that by {change}", numbers),
      _("{word} leads by {total}; hiding “{source}” changes that by {change}", numbers),
    ],
    leave_one_out_replaced: [
      _("{word} scores {total}; replacing “{source}” changes that by {change}", numbers),
      _("{word} leads by {total}; replacing “{source}” changes that by {change}", numbers),
    ],
    leave_one_out_removed: [
      _("{word} scores {total}; deleting “{source}” changes that by {change}", numbers),
      _("{word} leads by {total}; deleting “{source}” changes that by {change}", numbers),
    ],
  };
  return sentences[method]?.[isLead ? 1 : 0] ?? "";
}

/**
 * The headline: the token that counts most by the chosen method.
 * @param {MethodAnswer} found
 * @param {AskedAnswer} asked
 * @param {readonly TokenRow[]} tokens
 * @param {string} slot  stands where the word does
 */
export function headlineSentence(found, asked, tokens, slot) {
  const { method, values } = found;
  if (missed(found, asked) > TRUSTED)
    return _("Integrated gradients miss {share} of what the text adds for {word}: look at the other rows", {
      share: percentWhole(missed(found, asked)),
      word: slot,
    });
  const known = tokens.map((_token, place) => values[place] ?? Number.NEGATIVE_INFINITY);
  const best = known.indexOf(Math.max(...known));
  const source = columnName(tokens[best]);
  const named = { source, word: slot, method: methodNames(method)[0] };
  if (method === "rollout")
    return _("“{source}” gets {share} of the attention that ends at {word}, by rollout", {
      ...named,
      share: percent(known[best]),
    });
  const numbers = { ...named, value: signed(known[best]), total: number(asked.output, 1) };
  if (method === "integrated_gradients") {
    const total = number(asked.output - (found.baseline_output ?? 0), 1);
    return _("“{source}” gives {value} of the {total} that the text adds for {word}, by {method}", {
      ...numbers,
      total,
    });
  }
  if (method === "source") return _("The heads together bring {value} for {word} from “{source}”", numbers);
  const left = withoutSentence(method, { ...numbers, change: signed(-known[best]) }, asked.against !== null);
  if (left) return left;
  if (asked.against) return _("“{source}” gives {value} of the {total} by which {word} leads, by {method}", numbers);
  return _("“{source}” gives {value} of the {total} that {word} scores, by {method}", numbers);
}

/**
 * The numbers under a method: each with its name.
 * @param {MethodAnswer} found
 * @param {AskedAnswer} asked
 * @returns {[string, string][]}
 */
export function sums(
  { method, values, baseline_output: baseline, completeness_error: error },
  { output, against, token },
) {
  const name = against
    ? _("“{word}” over “{other}”", { word: wordOf(token), other: wordOf(against) })
    : _("logit of “{word}”", { word: wordOf(token) });
  const sum = values.reduce((/** @type {number} */ total, value) => total + (value ?? 0), 0);
  /** @type {[string, string][]} */
  const rows = [[name, exact(output)]];
  if (method === "rollout") return rows;
  if (baseline === null || error === null) return [...rows, [_("sum of the values"), exact(sum)]];
  return [
    ...rows,
    [_("logit at the baseline"), exact(baseline)],
    [_("sum of the values"), exact(sum)],
    [_("completeness error"), `${exact(error)} (${percent(Math.abs(error / (output - baseline)))})`],
  ];
}

/**
 * What to beware of.
 * @param {MethodAnswer} found
 * @param {AskedAnswer} asked
 * @param {string} baseline
 * @param {number} steps
 */
export function warning(found, asked, baseline, steps) {
  const sentences = [];
  if (asked.soft_capped) {
    const isSum = found.method === "source";
    sentences.push(
      isSum
        ? _("They add to the logit before the model's soft cap, as in Contributions.")
        : _("The logit is the one after the model's soft cap."),
    );
  }
  if (missed(found, asked) > TRUSTED) {
    sentences.push(_("The values miss the difference by more than a twentieth: do not lean on them."));
    const more = steps < MORE_STEPS ? MORE_STEPS : MOST_STEPS;
    if (baseline === "zero")
      sentences.push(_("The mean embedding in the place of a token, with more steps, may mend it."));
    else if (steps < MOST_STEPS) sentences.push(_("More steps may mend it: choose {steps}.", { steps: more }));
  }
  if (baseline === "zero")
    sentences.push(_("A zero embedding is like no word: where a norm divides by its length, more steps do not help."));
  return sentences.join(" ");
}
