// What counts for one token, as numbers: what a head, a layer's attention or a feed-forward part adds to its logit.
import { signed } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { guessName } from "./sentences.js";

/** @typedef {import("../../web/calls.d.ts").CountsAnswer} CountsAnswer */
/** @typedef {import("../../web/calls.d.ts").CountedPart} CountedPart */

/** @type {Record<string, readonly string[]>} by kind of attention: the names of its parts */
const WRITTEN_BY = {
  self: ["head", "attention", "attention bias"],
  decoder: ["head", "attention", "attention bias"],
  cross: ["cross-attention head", "cross-attention", "cross-attention bias"],
};
const FORWARD = ["feed-forward", "block"];
const DRAWN = ["head", "cross-attention head", "attention", "cross-attention", ...FORWARD];

/**
 * What one head adds, or all of a layer's where `head` is null; null where that is not known.
 * @param {CountsAnswer} counts
 * @param {{ kind: string, layer: number, head: number | null }} which
 */
export function attentionValue({ parts }, { kind, layer, head }) {
  const names = WRITTEN_BY[kind] ?? [];
  const own = parts.filter((part) => part.layer === layer && names.includes(part.name));
  if (head === null) return own.length ? own.reduce((sum, { value }) => sum + value, 0) : null;
  return own.find((part) => part.head === head)?.value ?? null;
}

/**
 * What a layer's feed-forward part adds, or the whole layer where its parts are not known.
 * @param {CountsAnswer} counts
 * @param {number} layer
 */
export const forwardValue = ({ parts }, layer) =>
  parts.find((part) => part.layer === layer && FORWARD.includes(part.name))?.value ?? null;

/** @param {CountsAnswer} counts */
const drawn = ({ parts }) => parts.filter(({ name }) => DRAWN.includes(name));

/**
 * A value's place on the diverging scale, 0 to 1: nothing is in its middle, the largest part at an end.
 * @param {CountsAnswer} counts
 * @param {number} value
 */
export function placeOf(counts, value) {
  const most = Math.max(...drawn(counts).map((part) => Math.abs(part.value)), 1e-9);
  return Math.min(1, Math.max(0, 0.5 + value / most / 2));
}

/**
 * The part that adds most.
 * @param {CountsAnswer} counts
 * @returns {CountedPart | undefined}
 */
export const most = (counts) => drawn(counts).sort((one, two) => two.value - one.value)[0];

/**
 * The layer after which the token is first the likeliest, −1 before the first; null where it never is.
 * @param {CountsAnswer} counts
 */
export const firstLayer = ({ first }) => (first === null ? null : first - 1);

/**
 * The headline, in its parts: what adds most, and where the token first leads. `said` marks the word.
 * @param {CountsAnswer} counts
 * @param {(word: string) => Node} said
 * @returns {(Node | string)[]}
 */
export function countsHeadline(counts, said) {
  const sentences = [addsSentence(counts), firstSentence(counts)].filter(Boolean);
  return sentences
    .join(" ")
    .split(SLOT)
    .flatMap((part, place) => (place ? [said(guessName(counts.token)), part] : [part]));
}

const SLOT = "\u0001"; // where the marked word goes; no sentence has this character

/** @param {CountsAnswer} counts */
function addsSentence(counts) {
  const best = most(counts);
  if (!best) return "";
  const numbers = { value: signed(best.value), total: number(counts.logit, 1), word: SLOT };
  const values = { part: subject(best), ...numbers };
  if (!counts.against) return _("{part} adds {value} of the {total} for “{word}”.", values);
  const other = { ...values, other: guessName(counts.against) };
  return _("{part} adds {value} of the {total} for “{word}” over “{other}”.", other);
}

/** @param {CountsAnswer} counts */
function firstSentence(counts) {
  if (counts.unread) return "";
  const layer = firstLayer(counts);
  if (counts.parts.length) {
    if (layer === null) return _("It leads at no depth.");
    if (layer < 0) return _("It leads before layer 0 already.");
    return _("It first leads after layer {layer}.", { layer: String(layer) });
  }
  const values = { word: SLOT, layer: String(layer) };
  if (layer === null) return _("“{word}” leads at no depth.", values);
  if (layer < 0) return _("“{word}” leads before layer 0 already.", values);
  return _("“{word}” first leads after layer {layer}.", values);
}

/** @param {CountedPart} part */
function subject({ name, layer, head }) {
  const values = { layer: String(layer ?? 0), head: String(head ?? 0) };
  /** @type {Record<string, string>} */
  const names = {
    head: _("Head {layer}·{head}", values),
    "cross-attention head": _("Cross head {layer}·{head}", values),
    attention: _("Attention {layer}", values),
    "cross-attention": _("Cross-attention {layer}", values),
    "feed-forward": _("Feed-forward {layer}", values),
    block: _("Layer {layer}", values),
  };
  return names[name] ?? name;
}

/**
 * What is said beside a part that is pointed at; nothing where its value is not known.
 * @param {CountsAnswer | null} counts
 * @param {number | null} value
 */
export const addsWords = (counts, value) =>
  counts && value !== null
    ? _("adds {value} to “{word}”", { value: signed(value), word: guessName(counts.token) })
    : "";

/**
 * Why there is less to draw than there could be: one sentence, or none.
 * @param {CountsAnswer} counts
 */
export const whyNot = ({ refusal, unread }) => (refusal === unread ? refusal : [refusal, unread].join(" ").trim());
