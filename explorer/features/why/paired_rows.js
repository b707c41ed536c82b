// Rows of paired bars: what one thing counts on side A over what it counts on side B, all on one scale.
import { h } from "../../web/dom.js";
import { signed } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";

/** @typedef {{ name: string, value: number }} Bar */
/**
 * @typedef {{ name: string, one: Bar | null, other: Bar | null, opens?: string }} PairedRow
 *   opens: what the name of a row opens when it is pressed
 */

const LEAST = 0.005; // a difference below it is written as none

/**
 * What A has more than B; null where one of them has nothing there.
 * @param {{ one: { value: number } | null, other: { value: number } | null }} row
 */
export const difference = ({ one, other }) => (one && other ? one.value - other.value : null);

/**
 * Whether a row's sides differ by anything that is written.
 * @param {Parameters<typeof difference>[0]} row
 */
export const differs = (row) => Math.abs(difference(row) ?? 0) >= LEAST;

/**
 * The row whose sides differ most; null where none has both.
 * @template {Parameters<typeof difference>[0]} R
 * @param {readonly R[]} rows
 */
export function widest(rows) {
  const paired = rows.filter((row) => difference(row) !== null);
  if (!paired.length) return null;
  return paired.reduce((best, row) => (size(row) > size(best) ? row : best));
}

/** @param {Parameters<typeof difference>[0]} row */
const size = (row) => Math.abs(difference(row) ?? 0);

/**
 * A table's head and body.
 * @param {readonly PairedRow[]} rows  first to last
 * @param {string} named  what stands over their names
 * @returns {Node[]}
 */
export function pairedRows(rows, named) {
  if (!rows.length) return [];
  const values = rows.flatMap((row) => [row.one?.value ?? 0, row.other?.value ?? 0]);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = { low, width: high - low || 1 };
  const limits = h(
    "div",
    { class: "both-parts-limits" },
    low < 0 && h("span", null, _("{low} lowers", { low: written(low) })),
    h("span", null, _("raises {high}", { high: written(high) })),
  );
  const heads = [named, limits, sideLetter("A"), sideLetter("B"), "A − B"];
  const most = widest(rows);
  const drawn = rows.map((row) => {
    const apart = difference(row);
    return h(
      "tr",
      { "data-most": row === most && differs(row) },
      h("th", { scope: "row", dir: "auto" }, row.opens ? opener(row.name, row.opens) : row.name),
      h("td", { class: "both-parts-track" }, bar(row.one, scale, "A"), bar(row.other, scale, "B")),
      ...[row.one, row.other].map((one) => h("td", null, one ? signed(one.value) : "–")),
      h("td", null, apart === null ? "" : signed(apart)),
    );
  });
  const head = h("tr", null, ...heads.map((one) => h("th", { scope: "col" }, one)));
  return [h("thead", null, head), h("tbody", null, drawn)];
}

/** @param {number} limit */
const written = (limit) => signed(limit, Math.abs(limit) < 0.1 ? 2 : 1);

/**
 * @param {string} name
 * @param {string} opens
 */
const opener = (name, opens) =>
  h("button", { type: "button", class: "both-open", "data-opens": opens, title: _("Open it on side A") }, name);

/**
 * @param {Bar | null} one
 * @param {{ low: number, width: number }} scale
 * @param {"A" | "B"} letter
 */
function bar(one, { low, width }, letter) {
  if (!one) return h("div", { class: "both-parts-lane", "data-none": true, title: _("no counterpart") });
  const [from, to] = [Math.min(0, one.value), Math.max(0, one.value)];
  const fill = h("i", { class: one.value < 0 ? "is-less" : "is-more" });
  fill.style.left = `${(100 * (from - low)) / width}%`;
  fill.style.width = `${(100 * (to - from)) / width}%`;
  const zero = h("b");
  zero.style.left = `${(-100 * low) / width}%`;
  const title = `${letter}: ${one.name} ${signed(one.value, 3)}`;
  return h("div", { class: "both-parts-lane", title }, zero, fill);
}
