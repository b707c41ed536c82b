// The lists beside a map: matches, the chosen token with its neighbours, a group, the text's tokens, the components.
import { find, h } from "../../web/dom.js";
import { count, decimals, percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { entryName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").VectorAnswer} Vector */
/** @typedef {import("../../web/calls.d.ts").SearchAnswer} Found */
/** @typedef {import("../../web/calls.d.ts").NearestAnswer} Nearest */
/** @typedef {import("../../web/calls.d.ts").MapPoints} MapPoints */
/** @typedef {(Node | string)[]} Content */

/**
 * A token to click on.
 * @param {number} row
 * @param {string} name
 */
export const tokenButton = (row, name) => h("button", { class: "map-token", "data-row": row, dir: "auto" }, name);

/**
 * @param {HTMLElement} section
 * @param {Content} head
 * @param {Node[]} content
 */
function fill(section, head, content) {
  find(section, ".map-head").replaceChildren(...head);
  find(section, ".map-list, tbody, .map-bars").replaceChildren(...content);
  section.hidden = false;
}

/** @type {Record<Found["matches"][number]["place"], () => string>} */
const PLACES = { word: () => _("a word"), inside: () => _("inside a word"), "": () => "" };

/**
 * @param {HTMLElement} section
 * @param {Found} found
 */
export function showMatches(section, { count: all, matches }) {
  const head = [_n("{count} match", "{count} matches", all)];
  if (all > matches.length) head.push(_(", the first {count} listed", { count: matches.length }));
  const items = matches.map(({ row, text, place }) => {
    const button = tokenButton(row, entryName(text));
    return place ? h("span", { class: "map-match" }, button, h("span", { class: "note" }, PLACES[place]())) : button;
  });
  fill(section, head, items);
}

/**
 * @param {HTMLElement} section
 * @param {Nearest} chosen
 * @param {boolean} drawn  whether the map shows it
 */
export function showChosen(section, { row, text, kind, norm, neighbours }, drawn) {
  const length = norm === null ? null : _("length {norm}", { norm: decimals(norm, 3) });
  const facts = [_("row {row}", { row: String(row) }), kind, length, drawn ? null : _("not in the sample drawn")];
  const note = h("span", { class: "note" }, ` ${facts.filter(Boolean).join(" · ")}`);
  const lines = neighbours.map((one) => {
    const measures = [one.cosine, one.distance].map((value) => (value === null ? "" : decimals(value, 3)));
    const cells = [tokenButton(one.row, entryName(one.text)), ...measures];
    return h(
      "tr",
      null,
      cells.map((cell) => h("td", null, cell)),
    );
  });
  fill(section, [entryName(text), note], lines);
}

/**
 * @param {HTMLElement} section
 * @param {import("../../web/calls.d.ts").GroupAnswer & { where: "lasso" | "view" }} group
 */
export function showGroup(section, { where, members, count: all }) {
  const head = where === "lasso" ? _("{count} in the lasso", { count: all }) : _("{count} in view", { count: all });
  const note = h("span", { class: "note" }, _(" the most typical first"));
  fill(
    section,
    [head, note],
    members.map(({ row, text }) => tokenButton(row, entryName(text))),
  );
}

/**
 * @param {HTMLElement} section
 * @param {readonly Vector[]} marks
 * @param {number} absent  how many of them the map does not show
 */
export function showMarks(section, marks, absent) {
  const left = _(" ({absent} of {count} not in the sample drawn)", { absent, count: marks.length });
  const head = [_("Tokens of the text"), absent ? left : ""];
  fill(
    section,
    head,
    marks.map(({ row, text }) => tokenButton(row, entryName(text))),
  );
  section.hidden = !marks.length;
}

/**
 * How much of the variance each component holds; those that are drawn stand out.
 * @param {HTMLElement} section
 * @param {Pick<MapPoints, "explained" | "axes" | "stretched">} map
 */
export function showComponents(section, { explained, axes, stretched }) {
  const shares = explained.map((share) => share ?? 0);
  const most = Math.max(...shares, 1e-9);
  const named = axes.map((axis) => `${axis + 1}: ${percent(shares[axis] ?? 0)}`).join(", ");
  const bars = shares.map((share, axis) => {
    const title = _("component {number}: {share}", { number: count(axis + 1), share: percent(share) });
    const height = `${Math.max((share / most) * 100, 1)}%`;
    return h("span", { title, style: { height }, "data-drawn": axes.includes(axis) });
  });
  const part = named || _("used for neighbours");
  fill(section, [_("Variance of components ({part})", { part })], bars);
  find(section, ".map-stretched").textContent = stretched;
  section.hidden = shares.length < 2;
}
