// Contributions in words: the names of parts, the headline, what is said of one bar.
import { percent, signed } from "../../web/format.js";
import { _, _n, number } from "../../web/language.js";
import { stepName } from "../../web/steps.js";
import { gapName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").PartAnswer} PartAnswer */
/** @typedef {import("./waterfall_rows.js").Row} Row */
/** @typedef {import("./opened.js").Opened} Opened */

const EXACT = 6; // decimals of the sum, so that rounding shows

/**
 * A number with all the decimals that are shown; a remainder that has none of them is said to be smaller.
 * @param {number} value
 */
export function exactly(value) {
  const least = 10 ** -EXACT;
  if (value !== 0 && Math.abs(value) < least / 2) return _("below {number}", { number: number(least, EXACT) });
  return number(value, EXACT);
}

/** What stands beside the picture before a bar is pointed at. */
export const hint = () => _("Point at a bar to read what it adds; press one with › to open it.");

/**
 * A token as a word in a sentence: without the space before it, if anything is left then.
 * @param {{ text: string, special: boolean }} token
 */
export const wordOf = (token) =>
  token.special ? gapName(token) || token.text.trim() : stepName({ ...token, text: token.text.trim() || token.text });

/**
 * The name of a part beside its bar.
 * @param {PartAnswer} part
 */
export function partName({ name, layer, head, neuron }) {
  const values = { layer: layer ?? 0, head: head ?? 0, neuron: String(neuron ?? 0) };
  /** @type {Record<string, string>} */
  const names = {
    embedding: _("embedding"),
    "position embedding": _("position"),
    attention: _("attention {layer}", values),
    "cross-attention": _("cross-attention {layer}", values),
    "feed-forward": _("feed-forward {layer}", values),
    block: _("layer {layer}", values),
    bias: _("bias"),
    head: _("head {layer}·{head}", values),
    "cross-attention head": _("cross {layer}·{head}", values),
    "attention bias": _("bias of attention {layer}", values),
    "cross-attention bias": _("bias of cross-attention {layer}", values),
    "feed-forward bias": _("bias of feed-forward {layer}", values),
    neuron: _("neuron {neuron}", values),
  };
  return names[name] ?? name;
}

/**
 * The name of a row.
 * @param {Row} row
 * @param {string} total  what the last row is called
 */
export function rowName({ kind, part, blocks, others }, total) {
  if (kind === "total") return total;
  if (kind === "others") return _n("{count} other", "{count} others", others);
  if (blocks) return blocks[0] === blocks[1] ? _("layer {layer}", { layer: blocks[0] }) : rangeName(blocks);
  return part ? partName(part) : "";
}

/** @param {[number, number]} blocks */
const rangeName = ([first, last]) => _("layers {first}–{last}", { first, last });

/**
 * What an opened thing is called.
 * @param {Opened} opened
 */
export function openedName({ blocks, part, layer, head }) {
  if (blocks) return blocks[0] === blocks[1] ? _("layer {layer}", { layer: blocks[0] }) : rangeName(blocks);
  if (head !== null) return partName(named(part === "cross" ? "cross-attention head" : "head", layer, head));
  const names = { self: "attention", cross: "cross-attention", feed_forward: "feed-forward" };
  return partName(named(names[part ?? "self"], layer));
}

/** @type {(name: string, layer: number, head?: number) => PartAnswer} */
const named = (name, layer, head) => ({ name, layer, head: head ?? null, position: null, neuron: null, value: 0 });

/**
 * The subject of a headline: what adds most.
 * @param {Row} row
 */
function subject({ part, blocks }) {
  if (blocks) {
    if (blocks[0] === blocks[1]) return _("Layer {layer}", { layer: blocks[0] });
    return _("Layers {first} to {last}", { first: blocks[0], last: blocks[1] });
  }
  if (!part) return "";
  const values = { layer: part.layer ?? 0, head: part.head ?? 0, neuron: String(part.neuron ?? 0) };
  /** @type {Record<string, string>} */
  const names = {
    embedding: _("The token's own embedding"),
    "position embedding": _("The position"),
    attention: _("Layer {layer}’s attention", values),
    "cross-attention": _("Layer {layer}’s cross-attention", values),
    "feed-forward": _("Layer {layer}’s feed-forward part", values),
    block: _("Layer {layer}", values),
    bias: _("The bias"),
    head: _("Head {layer}·{head}", values),
    "cross-attention head": _("Cross-attention head {layer}·{head}", values),
    neuron: _("Neuron {neuron} of layer {layer}", values),
  };
  return names[part.name] ?? _("A bias");
}

/**
 * The headline of a waterfall: what adds most, of how much.
 * @param {readonly Row[]} rows
 * @param {{ total: number, opened: string, against: boolean }} of  opened: the name of what is opened, "" for the whole
 * @param {string} slot  stands where the word does
 */
export function headlineSentence(rows, { total, opened, against }, slot) {
  const bars = rows.filter(({ kind }) => kind === "part" || kind === "blocks");
  if (!bars.length) return "";
  const sign = total < 0 ? -1 : 1;
  const most = bars.reduce((best, row) => (sign * row.value > sign * best.value ? row : best));
  const part = { part: subject(most), value: signed(most.value), word: slot };
  const values = { ...part, total: opened ? signed(total) : number(total, 1), opened };
  if (opened) return _("{part} adds {value} of the {total} that {opened} adds for {word}", values);
  if (against) return _("{part} adds {value} of the {total} by which {word} leads", values);
  return _("{part} adds {value} of the {total} that {word} scores", values);
}

/**
 * The headline over the words a head brings something from.
 * @param {string} source  the token that brings most
 * @param {number} value
 * @param {string} head
 * @param {string} slot
 */
export const sourceSentence = (source, value, head, slot) =>
  _("“{source}” brings {value} for {word} through {head}", { source, value: signed(value), head, word: slot });

/**
 * What is said of one bar.
 * @param {Row} row
 * @param {{ from: number, to: number }} bar
 * @param {{ name: string, total: number }} whole
 */
export function rowSentence(row, { to }, { name, total }) {
  const values = { name, value: signed(row.value, 3), sum: signed(to, 2), share: percent(Math.abs(row.value / total)) };
  if (row.kind === "total") return _("{name}: {value}", values);
  const sentence = _("{name} adds {value} ({share} of the total); the sum then stands at {sum}.", values);
  return row.opens ? [sentence, _("Press to see what it is made of.")].join(" ") : sentence;
}
