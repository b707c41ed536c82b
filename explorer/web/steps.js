// Tokens as they were written or read: each with a colour for what it measures, and what else the model weighed.
import { bitsShare, gradient, logShare, rankShare, saying, shade } from "./colour.js";
import { find, h } from "./dom.js";
import { bits, percent } from "./format.js";
import { _ } from "./language.js";
import { gapName, isBreak, tokenLabel } from "./tokens.js";

/** @typedef {import("./calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {import("./calls.d.ts").CandidateAnswer} CandidateAnswer */
/** @typedef {{ text: string, special: boolean }} Spelled */
/** @typedef {{ low: () => string, high: () => string }} Ends what the two ends of a legend say */

const MOST_BITS = 12;

/**
 * A token as part of a text: spaces and line breaks stay what they are, everything else invisible gets a sign.
 * @param {Spelled} token
 */
export function stepText({ text, special }) {
  if (special) return text;
  return text.replace(/[^ \n]+/g, tokenLabel).replaceAll("\n", "↵\n");
}

/**
 * A token as part of a single line: as `stepText`, a line break is only its sign.
 * @param {Spelled} token
 */
export const lineText = ({ text, special }) => (special ? text : text.replace(/[^ ]+/g, tokenLabel));

/**
 * A token by itself, in a list or a sentence: its spaces are visible.
 * @param {Spelled} token
 */
export const stepName = ({ text, special }) => (special ? gapName({ text, special }) || text : tokenLabel(text));

/**
 * The same for the page: the dot for the space before it stays in the background.
 * @param {Spelled} token
 * @returns {(Node | string)[]}
 */
export function stepNameParts(token) {
  const name = stepName(token);
  const [first, ...rest] = name;
  return first === "·" && rest.length ? [h("span", { class: "space" }, first), rest.join("")] : [name];
}

/**
 * What tokens that were written can be coloured by: a share from 0 to 1, and what the ends of the scale mean.
 * @type {Record<"probability" | "rank" | "entropy", Ends & { of: (token: StepAnswer) => number }>}
 */
export const MEASURES = {
  probability: {
    of: (token) => logShare(token.probability),
    low: () => _("{share} or less", { share: percent(0.001) }),
    high: () => percent(1),
  },
  rank: {
    of: (token) => rankShare(token.rank),
    low: () => _("rank {rank} or worse", { rank: 1000 }),
    high: () => _("rank {rank}", { rank: 1 }),
  },
  entropy: {
    of: (token) => bitsShare(token.entropy, MOST_BITS),
    low: () => _("{bits}: unsure", { bits: bits(MOST_BITS, 0) }),
    high: () => _("{bits}: sure", { bits: bits(0, 0) }),
  },
};

/**
 * One token of a text.
 * @param {Spelled} token
 * @param {import("./dom.js").Props} [more]
 */
export function stepNode(token, more = {}) {
  return h("span", { class: "step", "data-break": isBreak(token.text), ...more }, stepText(token));
}

/**
 * Colours a token by a measure.
 * @param {HTMLElement} node
 * @param {StepAnswer} token
 * @param {keyof typeof MEASURES} measure
 */
export const colour = (node, token, measure) => shade(node, MEASURES[measure].of(token), saying);

/**
 * What is said of a token beside its text.
 * @param {StepAnswer} token
 */
export const stepFacts = (token) =>
  _("probability {share}, rank {rank}", { share: percent(token.probability), rank: token.rank });

/**
 * The same in a sentence, with what the rules made of it.
 * @param {StepAnswer} token
 */
export function stepSentence(token) {
  const values = { token: stepName(token), share: percent(token.probability), rank: token.rank };
  const entropy = bits(token.entropy);
  if (token.final_probability === token.probability)
    return _("{token}: probability {share}, rank {rank}; entropy here {entropy}.", { ...values, entropy });
  const final = percent(token.final_probability);
  const sentence = _("{token}: probability {share} ({final} after the rules), rank {rank}; entropy here {entropy}.", {
    ...values,
    final,
    entropy,
  });
  return sentence;
}

/**
 * The tokens a step was preferred to, as buttons; the one that was taken is marked.
 * @param {StepAnswer} token
 * @param {(other: CandidateAnswer) => void} choose
 */
export function alternatives(token, choose) {
  return token.alternatives.map((other) => {
    const text = `${stepName(other)} ${percent(other.probability)}`;
    const title = other.cut_by ? _("removed by {rule}", { rule: other.cut_by }) : null;
    const marks = { "data-cut": other.cut_by !== "", "aria-current": other.id === token.id ? "true" : null };
    const props = { class: "chip", title, ...marks, onclick: () => choose(other) };
    return h("li", null, h("button", props, text));
  });
}

/**
 * The legend of a view; null hides it.
 * @param {HTMLElement} element
 * @param {Ends | null} ends
 * @param {import("./colour.js").Scale} [scale]  the one its tokens are shaded with
 */
export function legend(element, ends, scale = saying) {
  find(element, ".stream-legend").hidden = !ends;
  if (!ends) return;
  find(element, ".legend-low").textContent = ends.low();
  find(element, ".legend-high").textContent = ends.high();
  find(element, ".legend-bar").style.background = gradient(scale);
}
