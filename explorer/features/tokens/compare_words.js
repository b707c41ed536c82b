// What is said of two cuts: counts and their difference, the legend, one stretch in full, the headline, what is saved.
import { cssOf, diverging, indexOf } from "../../web/colour.js";
import { h } from "../../web/dom.js";
import { signed, tokens as tokensOf } from "../../web/format.js";
import { _, _n, number } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { tokenName } from "../../web/tokens.js";
import { kindOf } from "./compare_stretches.js";
import { bytesOf, charactersOf } from "./rows.js";

/** @typedef {import("./compare_tokens.js").Scene} Scene */
/** @typedef {import("./compare_stretches.js").Item} Item */
/** @typedef {import("../../web/calls.d.ts").CompareCutsAnswer} CompareCutsAnswer */
/** @typedef {import("../../web/calls.d.ts").CutsAnswer} CutsAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {{ name: string, values: [string, string], difference: string }} Figure */

/**
 * The tokens that spell some of a text.
 * @param {readonly TokenRow[]} tokens
 */
const spelling = (tokens) => tokens.filter(({ start, end }) => end > start).length;

/**
 * Each figure of both sides, and the first less the other.
 * @param {Scene} scene
 * @returns {Figure[]}
 */
export function figures({ sides: { main, other }, answer: { source } }) {
  const [one, two] = [spelling(source.tokens), spelling(source.others)];
  const per = (/** @type {(text: string) => number} */ measure) => [
    measure(main.text) / Math.max(1, one),
    measure(other.text) / Math.max(1, two),
  ];
  /** @type {(name: string, values: number[], digits?: number) => Figure} */
  const row = (name, [first, second], digits = 0) => ({
    name,
    values: [number(first, digits), number(second, digits)],
    difference: signed(first - second, digits),
  });
  const { borders, other_borders: others, shared_borders: shared } = source;
  const found = [
    row(_("tokens that spell the text"), [one, two]),
    row(_("special tokens"), [source.tokens.length - one, source.others.length - two]),
    row(_("characters a token"), per(charactersOf), 2),
    row(_("bytes a token"), per(bytesOf), 2),
  ];
  if (borders === null || others === null || shared === null) return found;
  return [
    ...found,
    row(_("borders inside the text"), [borders, others]),
    row(_("of these also the other side's"), [shared, shared]),
  ];
}

/**
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function counts(scene) {
  const head = h(
    "tr",
    null,
    h("td"),
    ...[sideLetter("A"), sideLetter("B"), "A − B"].map((name) => h("th", { scope: "col" }, name)),
  );
  const rows = figures(scene).map(({ name, values, difference }) =>
    h(
      "tr",
      null,
      h("th", { scope: "row" }, name),
      values.map((value) => h("td", null, value)),
      h("td", null, difference),
    ),
  );
  return [h("thead", null, head), h("tbody", null, rows)];
}

/** @param {CompareCutsAnswer} answer */
export function legend({ source, target }) {
  const kinds = [source, ...(target ? [target] : [])].flatMap((cuts) =>
    cuts.stretches.map((stretch) => kindOf(cuts, stretch)),
  );
  const names = {
    more: _("more tokens in A"),
    less: _("more tokens in B"),
    elsewhere: _("as many, cut elsewhere"),
    alone: _("on one side only"),
    alike: _("cut alike"),
  };
  const colours = { more: cssOf(diverging.colours[indexOf(0.76)]), less: cssOf(diverging.colours[indexOf(0.24)]) };
  return Object.entries(names)
    .filter(([kind]) => kinds.some((one) => one === kind))
    .map(([kind, name]) => {
      const count = kinds.filter((one) => one === kind).length;
      const background = kind === "more" || kind === "less" ? colours[kind] : "";
      const swatch = h("span", { class: "cuts-swatch", "data-kind": kind, style: { background } });
      return h("span", { class: "cuts-key" }, swatch, `${name} (${number(count)})`);
    });
}

/**
 * One stretch in full: the tokens of each side with their numbers.
 * @param {Item | null} item
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function detail(item, { sides }) {
  if (!item)
    return [h("p", { class: "note" }, _("Point at a stretch, or move with the arrow keys, to see its tokens."))];
  const { cuts, stretch } = item;
  /** @type {(letter: "A" | "B", model: string, tokens: readonly TokenRow[], positions: readonly number[]) => Node} */
  const side = (letter, model, tokens, positions) =>
    h(
      "div",
      { class: "cuts-told" },
      h("p", null, sideLetter(letter), h("span", null, `${model}: ${tokensOf(positions.length)}`)),
      h(
        "p",
        { dir: "auto" },
        positions.flatMap((at) => [
          h("code", null, tokenName(tokens[at])),
          h("span", { class: "note" }, _(" id {id} ", { id: String(tokens[at].id) })),
        ]),
      ),
    );
  return [
    side("A", sides.main.model, cuts.tokens, stretch.positions),
    side("B", sides.other.model, cuts.others, stretch.others),
  ];
}

/** @param {Scene} scene */
export function headlineOf({ sides: { main, other }, answer: { source } }) {
  const [one, two] = [tokensOf(spelling(source.tokens)), tokensOf(spelling(source.others))];
  const differ = source.stretches.filter((stretch) => kindOf(source, stretch) !== "alike").length;
  if (source.borders === null) {
    const matched = source.stretches.filter(({ positions, others }) => positions.length && others.length);
    const alike = matched.filter((stretch) => kindOf(source, stretch) === "alike").length;
    return _("A is {one}, B {other}; {alike} of {all} words that correspond take as many.", {
      ...{ one, other: two, alike, all: matched.length },
    });
  }
  if (!differ) return _("Both sides cut it alike, into {tokens}.", { tokens: one });
  return _n(
    "{model} cuts it into {one}, {beside} into {other}; they share {count} border.",
    "{model} cuts it into {one}, {beside} into {other}; they share {count} borders.",
    source.shared_borders ?? 0,
    { model: main.model, beside: other.model === main.model ? "B" : other.model, one, other: two },
  );
}

/**
 * @param {Scene} scene
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(scene, parts) {
  const { answer } = scene;
  const stacks = [{ stack: "text", cuts: answer.source }];
  if (answer.target) stacks.push({ stack: "target", cuts: answer.target });
  return {
    name: _("Tokens of both sides"),
    parts,
    rows: () =>
      stacks.flatMap(({ stack, cuts }) =>
        cuts.stretches.map(({ text, positions, others }) => ({
          ...{ stack, text, tokens: positions.length, other_tokens: others.length },
          cut: positions.map((at) => cuts.tokens[at].piece).join(" "),
          other_cut: others.map((at) => cuts.others[at].piece).join(" "),
        })),
      ),
    more: () => ({ figures: figures(scene) }),
    imports: ["from models.comparison.cuts import cuts"],
    python: [
      "both = [cuts(trace.tokens, trace.text, other_trace.tokens, other_trace.text)]",
      ...(answer.target
        ? ["both.append(cuts(trace.target_tokens, trace.target, other_trace.target_tokens, other_trace.target))"]
        : []),
      "rows = [(one.text, len(one.positions), len(one.others)) for found in both for one in found.stretches]",
    ],
  };
}
