// The sentences about a sweep: what a picture is, what a cell says, what is worth a headline.
import { percentWhole } from "../../web/format.js";
import { _, locale, number } from "../../web/language.js";
import { entryName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").ColumnAnswer} ColumnAnswer */
/** @typedef {import("../../web/calls.d.ts").PairAnswer} PairAnswer */
/** @typedef {import("../../web/calls.d.ts").Controls} Controls */
/** @typedef {Controls["sweep_of"]} Of */
/** @typedef {Controls["sweep_metric"]} Metric */
/** @typedef {Controls["sweep_direction"] | "estimate"} Direction */

/** @returns {[Of, string][]} */
export const ofNames = () => [
  ["residual", _("Residual")],
  ["attention", _("Attention")],
  ["feed_forward", _("Feed-forward")],
  ["head", _("Heads")],
];

/** @returns {[Metric, string][]} */
export const metricNames = () => [
  ["logit_difference", _("logit difference")],
  ["log_probability", _("log-probability")],
  ["kl", _("KL")],
];

/** @returns {[Controls["sweep_direction"], string][]} */
export const directionNames = () => [
  ["denoise", _("Denoise")],
  ["noise", _("Noise")],
  ["control", _("Control")],
];

/**
 * The name of a picture, and what happens in it.
 * @param {Direction} direction
 * @returns {[string, string]}
 */
export function panelNames(direction) {
  /** @type {Record<Direction, [string, string]>} */
  const names = {
    denoise: [_("Denoise"), _("clean put into the corrupted run")],
    noise: [_("Noise"), _("corrupted put into the clean run")],
    control: [_("Control"), _("an unrelated text put into the corrupted run")],
    estimate: [_("Attribution patching"), _("denoise, estimated from one gradient")],
  };
  return names[direction];
}

/**
 * What a cell patches, in words.
 * @param {Of} of
 * @param {number} row
 * @param {ColumnAnswer} column
 */
export function placeName(of, row, column) {
  const word = shownText(column.text);
  if (of === "head") {
    const head = String(column.head);
    const at = { layer: String(row), head };
    if (column.attention === "cross") return _("cross-attention head {layer}·{head}", at);
    return column.stack === "encoder" ? _("encoder head {layer}·{head}", at) : _("head {layer}·{head}", at);
  }
  const at = { word, row: String(row) };
  if (of === "residual") {
    return row === 0 ? _("the embedding of “{word}”", at) : _("the residual of “{word}” at depth {row}", at);
  }
  if (of === "feed_forward") return _("the feed-forward part of layer {row} at “{word}”", at);
  return column.attention === "cross"
    ? _("the cross-attention of layer {row} at “{word}”", at)
    : _("the attention of layer {row} at “{word}”", at);
}

/** @param {string} sentence */
const capital = (sentence) => sentence.charAt(0).toLocaleUpperCase(locale) + sentence.slice(1);

/** @param {number} value */
const shareText = (value) => percentWhole(Math.round(100 * value) / 100 || 0);

/** @param {number} value */
const withSign = (value) => number(value, 2);

/** @param {string} text */
export const shownText = (text) => entryName(text.trim() || text);

/**
 * What one cell says.
 * @param {Of} of
 * @param {number} row
 * @param {ColumnAnswer} column
 * @param {number | null | undefined} value
 */
export function cellSentence(of, row, column, value) {
  const place = capital(placeName(of, row, column));
  if (of !== "head" && column.from_position === null)
    return _("{place}: the other text has nothing to put here", { place });
  if (value === null || value === undefined) return place;
  const from = of !== "head" && column.from_text !== column.text ? shownText(column.from_text) : "";
  const share = shareText(value);
  return from
    ? _("{place}, put in from “{from}”: {share} of the way", { place, from, share })
    : _("{place}: {share} of the way", { place, share });
}

/**
 * The headline about one cell, in two parts around the answer.
 * @param {Direction} direction
 * @param {string} place
 * @param {number} value
 * @returns {[string, string]}
 */
export function headlineSentence(direction, place, value) {
  const slot = "\u0000";
  const given = { place, share: shareText(value), word: slot };
  /** @type {Record<Direction, string>} */
  const sentences = {
    denoise: _("Putting back {place} restores {share} of “{word}”", given),
    noise: _("Corrupting {place} takes away {share} of “{word}”", given),
    control: _("An unrelated text put into {place} brings {share} of “{word}”", given),
    estimate: _("Putting back {place} would restore {share} of “{word}”", given),
  };
  const [before, after] = sentences[direction].split(slot);
  return [before, after];
}

/**
 * Both ends of the scale, in the metric's own unit.
 * @param {Metric} metric
 * @param {PairAnswer} pair
 */
export function endsSentence(metric, { answer, foil, clean, corrupted }) {
  const given = {
    clean: withSign(clean),
    corrupted: withSign(corrupted),
    answer: shownText(answer.text),
    foil: shownText(foil.text),
  };
  if (metric === "logit_difference") {
    return _("Logit of “{answer}” less that of “{foil}”: {clean} clean, {corrupted} corrupted.", given);
  }
  if (metric === "log_probability") return _("ln p(“{answer}”): {clean} clean, {corrupted} corrupted.", given);
  return _("KL from the clean run: {clean} bits clean, {corrupted} bits corrupted.", given);
}

/**
 * How far the estimate is from the exact cells.
 * @param {import("../../web/calls.d.ts").EstimateAnswer} estimate
 */
export const errorSentence = ({ mean_error: mean, largest_error: largest }) =>
  _("off by {mean} on average, {largest} at most", { mean: percentWhole(mean), largest: percentWhole(largest) });
