// The pictures of this tab as they are saved: bars, curve, texts, branches and beams, each with what makes its numbers.
import { _ } from "../../web/language.js";
import { samplingOf } from "../../web/sampling.js";
import { keywords } from "../../web/saving/python.js";
import { candidateRow, stepRow } from "../../web/saving/rows.js";
import { choiceName, settingName } from "../../web/setting_names.js";
import { state } from "../../web/store.js";
import { before, rules } from "./asked.js";
import { path, plain } from "./branches.js";

/** @typedef {import("../../web/saving/offer.js").Picture} Picture */
/** @typedef {import("../../web/saving/offer.js").Row} Row */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {import("./branches.js").Branch} Branch */

const OFF = {
  ...{ temperature: 1, top_k: 0, top_p: 1, min_p: 0, typical_p: 1, repetition_penalty: 1, seed: 0, greedy: false },
};
const NEXT = "from models.generation.next_token import next_token_distribution";

/** @param {object} settings */
export const sampling = (settings) => `Sampling(${keywords({ ...settings }, OFF)})`;

/**
 * The rules in force, in words.
 * @param {object} [settings]
 * @returns {[string, string]}
 */
export function rulesInWords(settings = samplingOf(state)) {
  const others = Object.entries(settings).filter(([key, value]) => value !== Reflect.get(OFF, key));
  const named = others.map(([key, value]) => (value === true ? settingName(key) : `${settingName(key)} ${value}`));
  return [_("Rules"), named.join(", ") || _("none")];
}

/** @returns {[string, string][]} */
const gap = () => (state.main?.kind === "encoder" ? [[_("Gap"), String(state.next_mask + 1)]] : []);

/** @param {string} last */
const nextLines = (last) => {
  const mask = state.main?.kind === "encoder" ? `, mask=${state.next_mask}` : "";
  return [`found = next_token_distribution(trace, ${sampling(rules())}${mask})`, last];
};

/**
 * @param {import("../../web/calls.d.ts").FoundAnswer} found
 * @param {Element[]} parts
 * @returns {Picture}
 */
export const savedNext = ({ candidates }, parts) => ({
  name: _("Next token"),
  parts,
  settings: [...gap(), rulesInWords(rules())],
  rows: () => candidates.map(candidateRow),
  imports: [NEXT],
  python: nextLines(`rows = found.top(${candidates.length})`),
});

/**
 * @param {import("../../web/calls.d.ts").FoundAnswer} found
 * @param {Element[]} parts
 * @returns {Picture}
 */
export const savedMass = ({ mass }, parts) => ({
  name: _("Probability added up"),
  parts,
  settings: [...gap(), rulesInWords(rules())],
  rows: () => mass.ranks.map((rank, place) => ({ rank, cumulative: mass.cumulative[place] })),
  imports: ["from models.generation.mass import mass_curve", NEXT],
  python: [...nextLines("curve = mass_curve(found)"), "rows = list(zip(curve.ranks, curve.cumulative))"],
});

/**
 * @param {import("../../web/calls.d.ts").FilledAnswer} answer
 * @param {Element[]} parts
 * @returns {Picture}
 */
export const savedGaps = ({ gaps }, parts) => ({
  name: _("Gaps filled"),
  parts,
  rows: () => gaps.map(({ filled }, place) => ({ gap: place + 1, ...candidateRow(filled) })),
  imports: [NEXT],
  python: [`rows = [next_token_distribution(trace, mask=mask).top(1)[0] for mask in range(${gaps.length})]`],
});

/** How a text was written, as Python writes it again. */
const written = (/** @type {object} */ settings) => [
  `rows = list(model.complete(trace.text, ${sampling(settings)}, max_new_tokens=${state.length}, target=trace.target))`,
];

/**
 * @param {readonly StepAnswer[]} steps
 * @param {Element[]} parts
 * @returns {Picture}
 */
export const savedText = (steps, parts) => ({
  name: _("Completion"),
  parts,
  caption: `${before()}${steps.map(({ text, special }) => (special ? "" : text)).join("")}`,
  settings: [rulesInWords(), [_("Coloured by"), choiceName("colour_by", state.colour_by)]],
  rows: () => steps.map(stepRow),
  python: written(samplingOf(state)),
});

/**
 * Every token of every branch; `parent` is the number of the token it follows.
 * @param {import("./branches.js").Root} root
 * @param {Element[]} parts
 * @returns {Picture}
 */
export const savedBranches = (root, parts) => ({
  name: _("Branches"),
  parts,
  settings: [rulesInWords()],
  rows: () => branchRows(root.children),
  why: _("Branches come of what was clicked, so no lines of Python write them again."),
  more: () => root.children.map(plain), // with what each token was preferred to
});

/**
 * @param {readonly Branch[]} roots
 * @returns {Row[]}
 */
export function branchRows(roots) {
  /** @type {Branch[]} */
  const all = [];
  const waiting = [...roots];
  for (let node = waiting.shift(); node; node = waiting.shift()) {
    all.push(node);
    waiting.unshift(...node.children);
  }
  const numbers = new Map(all.map((node, number) => [node, number]));
  return all.map((node, number) => {
    const parent = node.parent.token ? (numbers.get(/** @type {Branch} */ (node.parent)) ?? null) : null;
    return { number, parent, ...stepRow(node.token, path(node).length - 1) };
  });
}

/**
 * @param {readonly import("../../web/calls.d.ts").BeamNode[]} nodes
 * @param {number} found  how many texts it ended with
 * @param {Element[]} parts
 * @returns {Picture}
 */
export const savedBeams = (nodes, found, parts) => ({
  name: _("Beam search"),
  parts,
  settings: [
    [_("Beams"), state.beams],
    [_("Longest text, tokens"), state.beam_length],
    [_("Texts found"), found],
  ],
  rows: () =>
    nodes.map(({ parent, text, depth, probability, score, status }, number) => ({
      ...{ number, parent, depth, text, probability, nats_a_token: score, status },
    })),
  imports: ["from models.generation.beam_search import beam_search"],
  python: [
    `width, length = ${state.beams}, ${state.beam_length}`,
    "*_, tree = beam_search(model, trace.text, width=width, max_new_tokens=length, target=trace.target)",
    "rows = tree.nodes",
  ],
});
