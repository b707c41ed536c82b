// Two sums of one logit: their rows of paired bars, both sides' totals, and the sentence over them.
import { h } from "../../web/dom.js";
import { percent, signed } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { exactly, partName, wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").BothContributionsAnswer} BothContributionsAnswer */
/** @typedef {import("../../web/calls.d.ts").PartPairAnswer} PartPairAnswer */
/** @typedef {import("../../web/calls.d.ts").SideSumAnswer} SideSumAnswer */
/** @typedef {import("../../web/calls.d.ts").PartAnswer} PartAnswer */

const LEAST = 0.005; // a difference below it is written as none

/**
 * What A's part adds more than B's; null where one of them has no such part.
 * @param {PartPairAnswer} row
 */
export const difference = ({ one, other }) => (one && other ? one.value - other.value : null);

/**
 * The row whose two parts differ most.
 * @param {PartPairAnswer[]} rows
 */
export function widest(rows) {
  const paired = rows.filter((row) => difference(row) !== null);
  if (!paired.length) return null;
  return paired.reduce((best, row) => (size(row) > size(best) ? row : best));
}

/** @param {PartPairAnswer} row */
const size = (row) => Math.abs(difference(row) ?? 0);

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
  if (!most || size(most) < LEAST) return _("{sums}; every part adds the same on both sides.", { sums });
  const parts = { sums, part: rowName(most), difference: signed(difference(most) ?? 0) };
  return _("{sums}; they differ most in {part}: {difference}", parts);
}

/**
 * The rows of the picture, first to last part.
 * @param {BothContributionsAnswer} answer
 * @returns {Node[]}
 */
export function partRows({ rows, one, other }) {
  if (!rows.length) return [];
  const values = rows.flatMap((row) => [row.one?.value ?? 0, row.other?.value ?? 0]);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = { low, width: high - low || 1 };
  const limits = h(
    "div",
    { class: "both-parts-limits" },
    low < 0 && h("span", null, _("{low} lowers", { low: signed(low, 1) })),
    h("span", null, _("raises {high}", { high: signed(high, 1) })),
  );
  const [missing, missingOther] = [one.logit === null, other.logit === null];
  const heads = [
    h("th", { scope: "col" }, _("part")),
    h("th", { scope: "col" }, limits),
    h("th", { scope: "col" }, sideLetter("A")),
    h("th", { scope: "col" }, sideLetter("B")),
    h("th", { scope: "col" }, "A − B"),
  ];
  const most = missing || missingOther ? null : widest(rows);
  const drawn = rows.map((row) => {
    const apart = difference(row);
    return h(
      "tr",
      { "data-most": row === most && size(row) >= LEAST },
      h("th", { scope: "row" }, rowName(row)),
      h("td", { class: "both-parts-track" }, bar(row.one, scale, "A"), bar(row.other, scale, "B")),
      h("td", null, row.one ? signed(row.one.value) : "–"),
      h("td", null, row.other ? signed(row.other.value) : "–"),
      h("td", null, apart === null ? "" : signed(apart)),
    );
  });
  return [h("thead", null, h("tr", null, heads)), h("tbody", null, drawn)];
}

/**
 * @param {PartAnswer | null} part
 * @param {{ low: number, width: number }} scale
 * @param {"A" | "B"} letter
 */
function bar(part, { low, width }, letter) {
  if (!part) return h("div", { class: "both-parts-lane", "data-none": true, title: _("no counterpart") });
  const [from, to] = [Math.min(0, part.value), Math.max(0, part.value)];
  const fill = h("i", { class: part.value < 0 ? "is-less" : "is-more" });
  fill.style.left = `${(100 * (from - low)) / width}%`;
  fill.style.width = `${(100 * (to - from)) / width}%`;
  const zero = h("b");
  zero.style.left = `${(-100 * low) / width}%`;
  const title = `${letter}: ${partName(part)} ${signed(part.value, 3)}`;
  return h("div", { class: "both-parts-lane", title }, zero, fill);
}

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
