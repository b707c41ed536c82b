// Two sums of one logit: their rows of paired bars, both sides' totals, and the sentence over them.
import { h } from "../../web/dom.js";
import { percent, signed } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { exactly, partName, wordOf } from "./contributions_words.js";
import { openPart } from "./opened.js";
import { difference, differs, pairedRows, widest } from "./paired_rows.js";

/** @typedef {import("../../web/calls.d.ts").BothContributionsAnswer} BothContributionsAnswer */
/** @typedef {import("../../web/calls.d.ts").PartPairAnswer} PartPairAnswer */
/** @typedef {import("../../web/calls.d.ts").SideSumAnswer} SideSumAnswer */
/** @typedef {import("../../web/calls.d.ts").PartAnswer} PartAnswer */

/**
 * The name of a row: of both parts where they are not called the same.
 * @param {PartPairAnswer} row
 */
export function rowName({ one, other }) {
  const names = [one, other].map((part) => part && partName(part)).filter((name) => name !== null);
  return [...new Set(names)].join(" | ");
}

/**
 * @param {BothContributionsAnswer} answer
 * @param {string} slot  stands where the word does
 */
export function headlineSentence({ one, other, against, rows }, slot) {
  if (one.logit === null && other.logit === null) return _("Neither side’s logit is a sum of parts.");
  if (one.logit === null) return _("Side A’s logit is no sum of parts that could be shown.");
  if (other.logit === null) return _("Side B has no such sum beside A’s {logit}.", { logit: number(one.logit, 1) });
  const values = { word: slot, one: number(one.logit, 1), other: number(other.logit, 1) };
  const sums = against
    ? _("On side A “{word}” leads by {one}, on B by {other}", values)
    : _("A’s “{word}” has a logit of {one}, B’s {other}", values);
  const most = widest(rows);
  if (!most || !differs(most)) return _("{sums}; every part adds the same on both sides.", { sums });
  const parts = { sums, part: rowName(most), difference: signed(difference(most) ?? 0) };
  return _("{sums}; they differ most in {part}: {difference}", parts);
}

/**
 * The rows of the picture, first to last part.
 * @param {BothContributionsAnswer} answer
 */
export const partRows = ({ rows }) => pairedRows(rows.map(paired), _("part"));

/** @param {PartPairAnswer} row */
const paired = (row) => ({ name: rowName(row), one: named(row.one), other: named(row.other), opens: opensOf(row.one) });

/** @type {Record<string, import("./opened.js").Part>} */
const OPEN = { attention: "self", "cross-attention": "cross", "feed-forward": "feed_forward" };

/**
 * What A's part opens into, as a choice of the page; "" where it has nothing inside.
 * @param {PartAnswer | null} part
 */
const opensOf = (part) => (part?.layer != null && OPEN[part.name] ? openPart(OPEN[part.name], part.layer) : "");

/** @param {PartAnswer | null} part */
const named = (part) => part && { name: partName(part), value: part.value };

/**
 * What the parts of each side add up to.
 * @param {BothContributionsAnswer} answer
 * @returns {Node[]}
 */
export function sumRows({ one, other, against }) {
  const word = (/** @type {SideSumAnswer} */ { token }) => (token ? wordOf(token) : "–");
  const exact = (/** @type {number | null} */ value) => (value === null ? "–" : exactly(value));
  /** @type {[string, string, string][]} */
  const rows = [
    [_("token"), word(one), word(other)],
    [_("probability"), ...both(one.share, other.share, percent)],
    [_("sum of the parts"), exact(one.sum), exact(other.sum)],
    [against ? _("lead over “{other}”", { other: wordOf(against) }) : _("logit"), exact(one.logit), exact(other.logit)],
    [_("remainder"), exact(one.remainder), exact(other.remainder)],
    [_("divided by the norm"), ...both(one.frozen_norm, other.frozen_norm, (value) => number(value, 3))],
  ];
  const heads = h("tr", null, h("td"), h("th", { scope: "col" }, sideLetter("A")), h("th", null, sideLetter("B")));
  const cells = rows.map(([name, here, there]) =>
    h("tr", null, h("th", { scope: "row" }, name), h("td", { dir: "auto" }, here), h("td", { dir: "auto" }, there)),
  );
  return [h("thead", null, heads), h("tbody", null, cells)];
}

/** @type {(one: number | null, other: number | null, say: (value: number) => string) => [string, string]} */
const both = (one, other, say) => [one === null ? "–" : say(one), other === null ? "–" : say(other)];

/**
 * Why a side has no sum, and what its logit is where that is not all.
 * @param {BothContributionsAnswer} answer
 */
export function notes({ one, other, rows }) {
  const found = [];
  if (one.refusal) found.push(_("A: {reason}", { reason: one.refusal }));
  if (other.refusal) found.push(_("B: {reason}", { reason: other.refusal }));
  if (!one.refusal && !other.refusal && rows.some((row) => difference(row) === null))
    found.push(_("Hatched: the other side has no part at this place."));
  if (one.soft_capped || other.soft_capped)
    found.push(_("This is the logit before the soft cap that follows in this model."));
  return found;
}
