// Attributions of two sides in words: rows of stretches, methods with their rank agreement, the headline, the notes.
import { h } from "../../web/dom.js";
import { signed } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { methodMeaning, methodNames } from "./attribution_words.js";
import { exactly, wordOf } from "./contributions_words.js";
import { difference, differs, pairedRows, widest } from "./paired_rows.js";

/** @typedef {import("../../web/calls.d.ts").BothAskedAnswer} BothAskedAnswer */
/** @typedef {import("../../web/calls.d.ts").BothMethodAnswer} BothMethodAnswer */
/** @typedef {import("../../web/calls.d.ts").SideLogitAnswer} SideLogitAnswer */
/** @typedef {import("../../web/calls.d.ts").StretchNames} StretchNames */
/** @typedef {import("./paired_rows.js").PairedRow} PairedRow */

/**
 * The stretches with both sides' values.
 * @param {BothAskedAnswer} asked
 * @param {BothMethodAnswer} found
 * @returns {PairedRow[]}
 */
export const rowsOf = ({ stretches }, { values, other_values: others }) =>
  stretches.map((stretch, place) => {
    const name = stretchName(stretch);
    return { name, one: barOf(name, values[place]), other: barOf(name, others[place]) };
  });

/**
 * @param {string} name
 * @param {number | null | undefined} value
 */
const barOf = (name, value) => (value === null || value === undefined ? null : { name, value });

/**
 * A stretch by its text, by both where the sides have different words there.
 * @param {StretchNames} stretch
 */
export function stretchName({ text, other_text: other }) {
  const names = [text, other].filter((one) => one !== null).map((one) => one.trim() || "␣");
  return [...new Set(names)].join(" | ");
}

/**
 * The rows of the picture, in the order of the text.
 * @param {BothAskedAnswer} asked
 * @param {BothMethodAnswer} found
 */
export const stretchRows = (asked, found) => pairedRows(rowsOf(asked, found), _("text"));

/**
 * What is asked of each side, and what the chosen method's values add up to.
 * @param {BothAskedAnswer} asked
 * @param {BothMethodAnswer | undefined} found
 * @returns {Node[]}
 */
export function logitRows({ one, other }, found) {
  const rather = one.against;
  const name = rather ? _("lead over “{other}”", { other: wordOf(rather) }) : _("logit");
  /** @type {[string, string, string][]} */
  const rows = [
    [_("token"), wordOf(one.token), wordOf(other.token)],
    [name, exactly(one.output), exactly(other.output)],
  ];
  if (found && found.method !== "rollout")
    rows.push([_("sum of the values"), total(found.values), total(found.other_values)]);
  const heads = h("tr", null, h("td"), h("th", { scope: "col" }, sideLetter("A")), h("th", null, sideLetter("B")));
  const cells = rows.map(([what, here, there]) =>
    h("tr", null, h("th", { scope: "row" }, what), h("td", { dir: "auto" }, here), h("td", { dir: "auto" }, there)),
  );
  return [h("thead", null, heads), h("tbody", null, cells)];
}

/** @param {(number | null)[]} values */
function total(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? signed(known.reduce((sum, value) => sum + value, 0)) : "–";
}

/**
 * A button for each method: its name and how far both sides agree by it.
 * @param {readonly BothMethodAnswer[]} found
 * @param {string} chosen
 */
export const methodRows = (found, chosen) =>
  found.map(({ method, rho }) =>
    h(
      "li",
      null,
      h(
        "button",
        { type: "button", "data-method": method, "aria-pressed": method === chosen },
        h("span", null, methodNames(method)[0]),
        h("b", null, rho === null ? "–" : signed(rho)),
      ),
    ),
  );

/**
 * @param {BothAskedAnswer} asked
 * @param {BothMethodAnswer} found
 */
export function headlineSentence(asked, found) {
  const method = methodNames(found.method)[0];
  if (found.refusal && found.other_refusal) return _("No attribution by {method} on either side", { method });
  if (found.refusal || found.other_refusal)
    return _("Side {side} has no attribution by {method}", { side: found.refusal ? "A" : "B", method });
  const agreement =
    found.rho === null
      ? _("By {method} one side has no order to compare", { method })
      : _("Rank agreement {rho} by {method}", { method, rho: signed(found.rho) });
  const rows = rowsOf(asked, found);
  const most = widest(rows);
  if (!most || !differs(most)) return agreement;
  const apart = signed(difference(most) ?? 0);
  return _("{agreement}; most apart at “{text}”: {difference}", {
    agreement,
    text: most.name,
    difference: apart,
  });
}

/**
 * What the chosen method does, why a side has none, and what the rows leave open.
 * @param {BothAskedAnswer} asked
 * @param {BothMethodAnswer} found
 * @param {number} steps
 */
export function notes(asked, found, steps) {
  const told = [methodMeaning(found.method, steps)];
  if (found.refusal) told.push(_("A: {reason}", { reason: found.refusal }));
  if (found.other_refusal) told.push(_("B: {reason}", { reason: found.other_refusal }));
  const rows = rowsOf(asked, found);
  if (!found.refusal && !found.other_refusal && rows.some((row) => difference(row) === null))
    told.push(_("Hatched: the other side has no such text, or reads it only after the place asked about."));
  told.push(_("Agreement is Spearman’s ρ over the rows that both sides have: 1 is the same order, −1 the reverse."));
  return told;
}
