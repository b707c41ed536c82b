// What is said of two runs through one lens: names, limits, the words by depth, the headline, what is saved.
import { h } from "../../web/dom.js";
import { bits, percent } from "../../web/format.js";
import { said } from "../../web/headline.js";
import { _, number } from "../../web/language.js";
import { literal } from "../../web/saving/python.js";
import { sideLetter } from "../../web/sides.js";
import { stepNameParts } from "../../web/steps.js";
import { state } from "../../web/store.js";
import { shortName } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").CompareLayersAnswer} CompareLayersAnswer */
/** @typedef {import("../../web/calls.d.ts").GuessAnswer} GuessAnswer */
/** @typedef {import("./compare_layers.js").Scene} Scene */

const LEAST = 0.01; // bits: below it everything is the same on both sides

/** @returns {[string, string][]} */
export const distanceNames = () => [
  ["kl", "KL(A ‖ B)"],
  ["js", _("Jensen–Shannon")],
];

/**
 * The end of the scale: the largest distance there is.
 * @param {Pick<CompareLayersAnswer, "distances">} answer
 */
export const limitOf = ({ distances }) => Math.max(LEAST, ...distances.flat().map((value) => value ?? 0));

/**
 * What the ends of the legend say.
 * @param {CompareLayersAnswer} answer
 */
export function scaleOf(answer) {
  if (!answer.same_vocabulary)
    return { low: () => percent(0), high: () => _("{share} for A’s last word", { share: percent(1) }) };
  return { low: () => _("{bits}: the same", { bits: bits(0, 0) }), high: () => bits(limitOf(answer), 2) };
}

/** @param {CompareLayersAnswer} answer */
export function axisOf({ same_vocabulary: isSame, last, other_last: otherLast }) {
  const depths = _("Depth 0 is the embedding, {last} the last of A and {other} that of B; hatched: no counterpart.", {
    last,
    other: otherLast,
  });
  if (isSame) return depths;
  const why = _("The vocabularies differ, so distributions have no distance: A’s share of its last word is over B’s.");
  return `${depths} ${why}`;
}

/** @param {GuessAnswer | null} guess */
function guessCells(guess) {
  if (!guess) return [h("td", { class: "note", colspan: 2 }, "–")];
  return [h("td", { dir: "auto" }, stepNameParts(guess)), h("td", null, percent(guess.probability))];
}

/**
 * What both would say at each depth, the last at the top.
 * @param {CompareLayersAnswer} answer
 * @returns {Node[]}
 */
export function wordRows({ depths }) {
  const heads = [
    h("th", { scope: "col" }, _("depth")),
    h("th", { scope: "col", colspan: 2 }, sideLetter("A")),
    h("th", { scope: "col", colspan: 2 }, sideLetter("B")),
    h("th", { scope: "col" }, h("span", { class: "sr-only" }, _("same word"))),
  ];
  const rows = depths
    .toReversed()
    .map(({ depth, other_depth: beside, one, other, same }) =>
      h(
        "tr",
        { "data-same": same },
        h("th", { scope: "row" }, depth === beside ? String(depth) : `${depth} | ${beside}`),
        guessCells(one),
        guessCells(other),
        h("td", { title: same ? _("the same word") : _("another word") }, other ? (same ? "=" : "≠") : ""),
      ),
    );
  return [h("thead", null, h("tr", null, heads)), h("tbody", null, rows)];
}

/**
 * The first depth from which on the two sides keep on saying the same, or keep on saying different words.
 * @param {Pick<CompareLayersAnswer, "depths">} answer
 */
export function settledFrom({ depths }) {
  let at = depths.length - 1;
  while (at > 0 && depths[at - 1].same === depths[at].same) at -= 1;
  return at;
}

/**
 * @param {CompareLayersAnswer} answer
 * @returns {(Node | string)[]}
 */
export function headlineOf(answer) {
  const { depths, last } = answer;
  const { one, other, same } = depths[last];
  if (!other) return [_("This token has no counterpart on side B; choose one that is not hatched.")];
  const depth = settledFrom(answer);
  const values = { depth, last, word: "{word}", other: "{other}" };
  const words = { word: said(shortName(one)), other: said(shortName(other)) };
  if (!same && depth === 0)
    return around(_("They say different words at every depth, in the end {word} | {other}.", values), words);
  if (!same)
    return around(_("From depth {depth} of {last} on they say different words: {word} | {other}.", values), words);
  if (depth === 0) return around(_("Both say the same at every depth, in the end {word}.", values), words);
  return around(_("From depth {depth} of {last} on both say the same words, in the end {word}.", values), words);
}

/**
 * A sentence with nodes in the places of the names that were left in it.
 * @param {string} sentence
 * @param {Record<string, Node>} places
 * @returns {(Node | string)[]}
 */
const around = (sentence, places) => sentence.split(/(\{\w+\})/).map((part) => places[part.slice(1, -1)] ?? part);

/**
 * @param {Scene} scene
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ answer }, parts) {
  const { lens, depths, distances, shares, other_shares: others } = answer;
  const measure = state.lens_distance;
  const values = answer.same_vocabulary
    ? [{ name: `${measure}_bits`, rows: distances }]
    : [
        { name: "share", rows: shares },
        { name: "other_share", rows: others },
      ];
  const given = `"${lens}", counterparts, ${literal(measure)}`;
  return {
    name: _("Layers of both sides"),
    parts,
    settings: [
      [_("Lens"), lens],
      [_("Largest value"), answer.same_vocabulary ? `${number(limitOf(answer), 2)} bits` : "100 %"],
    ],
    rows: () =>
      values[0].rows.flatMap((row, depth) =>
        row.map((_value, position) => ({
          ...{ depth, other_depth: depths[depth].other_depth, position },
          ...Object.fromEntries(values.map(({ name, rows }) => [name, rows[depth][position]])),
        })),
      ),
    more: () => ({ position: answer.position, words: depths }),
    imports: [
      "from models.comparison.correspondence import read_counterparts",
      "from models.comparison.depths import divergences",
    ],
    python: [
      "counterparts = read_counterparts(trace, other_trace, same_vocabulary=True)",
      `found = divergences((model, trace), (other, other_trace), ${given})  # for one vocabulary`,
    ],
  };
}
