// The table of the likeliest tokens: a bar before and one after the rules; removed ones are struck through.
import { h } from "../../web/dom.js";
import { decimals, smallPercent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { stepName } from "../../web/steps.js";

/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */
/** @typedef {{ log: boolean, full: number }} Scale  full: the probability of a bar that fills its column */

const LOWEST = 6; // decades shown on the log scale

/**
 * The probability of a full bar, the same before and after the rules.
 * @param {readonly CandidateAnswer[]} candidates
 */
export const fullBar = (candidates) =>
  Math.max(1e-9, ...candidates.map((one) => Math.max(one.probability, one.final_probability)));

/**
 * How much of its column a bar fills, 0 to 1.
 * @param {number} probability
 * @param {Scale} scale
 */
export function barShare(probability, { log, full }) {
  if (!log) return probability / full;
  return probability > 0 ? Math.max(0, 1 + Math.log10(probability) / LOWEST) : 0;
}

/** The line that says what a full bar is. @param {Scale} scale */
export const scaleSentence = ({ log, full }) =>
  log
    ? _("Bars run from {low} to {high}, ten times more each sixth.", { low: smallPercent(1e-6), high: smallPercent(1) })
    : _("A full bar is {share}.", { share: smallPercent(full) });

/**
 * @param {number} probability
 * @param {Scale} scale
 * @param {string} name
 */
const bar = (probability, scale, name) =>
  h("td", { class: `bar ${name}` }, h("span", { style: { width: `${100 * barShare(probability, scale)}%` } }));

/**
 * One row of the table.
 * @param {CandidateAnswer} one
 * @param {Scale} scale
 */
export function rowNode(one, scale) {
  const title = _("id {id}, logit {logit}", { id: String(one.id), logit: decimals(one.logit, 3) });
  const token = { scope: "row", class: "token", dir: "auto", title, "data-special": one.special };
  return h("tr", { "data-cut": one.cut_by !== "" }, [
    h("td", { class: "rank" }, one.rank),
    h("th", token, stepName(one)),
    bar(one.probability, scale, "raw"),
    h("td", { class: "number" }, smallPercent(one.probability)),
    bar(one.final_probability, scale, "final"),
    h("td", { class: "number" }, one.cut_by ? "—" : smallPercent(one.final_probability)),
    h("td", { class: "rule" }, one.cut_by),
  ]);
}
