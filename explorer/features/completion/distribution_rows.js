// The rows of the likeliest tokens: a bar for what is drawn from, a thin one for what the model itself says. A row is
// kept as long as its token is listed, so that its bars glide when a slider moves.
import { find, h, svg } from "../../web/dom.js";
import { count, decimals, percent, percentWhole } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { stepNameParts } from "../../web/steps.js";

/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */
/** @typedef {import("../../web/calls.d.ts").FoundAnswer} FoundAnswer */
/** @typedef {{ log: boolean, full: number }} Scale  full: the probability of a bar that fills its column */

const LOWEST = 6; // decades shown on the log scale
const LOWEST_SHARE = `${decimals(100 * 10 ** -LOWEST, LOWEST - 2)} %`;
const ENDS = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5];
const PIPS = /** @type {const} */ ([[6, 6], [14, 6], [10, 10], [6, 14], [14, 14]]); // biome-ignore format: five points

/**
 * The probability of a full bar, the same before and after the rules: a round number, so that it seldom changes.
 * @param {readonly CandidateAnswer[]} candidates
 */
export function fullBar(candidates) {
  const most = Math.max(0, ...candidates.map((one) => Math.max(one.probability, one.final_probability)));
  return ENDS.find((end) => end >= most) ?? 1;
}

/**
 * How much of its column a bar fills, 0 to 1.
 * @param {number} probability
 * @param {Scale} scale
 */
export function barShare(probability, { log, full }) {
  if (!log) return Math.min(1, probability / full);
  return probability > 0 ? Math.max(0, 1 + Math.log10(probability) / LOWEST) : 0;
}

/**
 * What the tokens that are not listed have together.
 * @param {FoundAnswer} found
 */
export function othersOf({ candidates, drawn, vocab }) {
  const listed = drawn && !candidates.some(({ id }) => id === drawn.id) ? [...candidates, drawn] : candidates;
  const rest = (/** @type {number[]} */ shares) => Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0));
  return {
    listed,
    count: vocab - listed.length,
    probability: rest(listed.map((one) => one.probability)),
    final_probability: rest(listed.map((one) => one.final_probability)),
  };
}

/** @param {string} label */
function die(label) {
  const dots = PIPS.map(([cx, cy]) => svg("circle", { cx, cy, r: 1.9 }));
  const face = svg("rect", { x: 1, y: 1, width: 18, height: 18, rx: 4.5 });
  return svg("svg", { class: "die", viewBox: "0 0 20 20", role: "img", "aria-label": label }, face, ...dots);
}

/** The die that falls on a row. @type {(seed: number) => SVGSVGElement} */
export const dieOf = (seed) => die(_("seed {seed} draws this", { seed: String(seed) }));

/**
 * A row without its numbers.
 * @param {CandidateAnswer} one
 * @param {((one: CandidateAnswer) => void) | null} take  what a press on the row does, where it does anything
 */
function newRow(one, take) {
  const title = _("id {id}, logit {logit}", { id: String(one.id), logit: decimals(one.logit, 3) });
  const token = { scope: "row", class: "token", dir: "auto", title, "data-special": one.special };
  const name = take ? h("button", { class: "take", onclick: () => take(one) }, stepNameParts(one)) : stepNameParts(one);
  const track = h("span", { class: "track" }, h("span", { class: "final-bar" }), h("span", { class: "raw-bar" }));
  return h("tr", { class: take ? "takes" : null }, [
    h("td", { class: "rank" }, one.rank),
    h("th", token, name),
    h("td", { class: "bar" }, track),
    h("td", { class: "number raw" }),
    h("td", { class: "number final" }),
    h("td", { class: "mark" }),
  ]);
}

/**
 * @param {HTMLElement} row
 * @param {{ probability: number, final_probability: number, cut_by?: string }} shares
 * @param {Scale} scale
 */
function measure(row, shares, scale) {
  const width = (/** @type {number} */ share) => `${100 * barShare(share, scale)}%`;
  find(row, ".final-bar").style.width = width(shares.final_probability);
  const raw = row.querySelector(".raw-bar");
  if (raw instanceof HTMLElement) raw.style.width = width(shares.probability);
  find(row, ".raw").textContent = percent(shares.probability);
  find(row, ".final").textContent = shares.cut_by || percent(shares.final_probability);
}

/**
 * Brings nodes into this order and takes away what is left over; one that stands in its place is not touched.
 * @param {HTMLElement} body
 * @param {readonly HTMLElement[]} nodes
 */
export function arrange(body, nodes) {
  nodes.forEach((node, place) => {
    if (body.children[place] !== node) body.insertBefore(node, body.children[place] ?? null);
  });
  while (body.children.length > nodes.length) body.lastElementChild?.remove();
}

/**
 * The table of a view; `take` is what a press on a row does, null where it does nothing.
 * @param {HTMLElement} table
 */
export function oddsTable(table) {
  const body = find(table, "tbody", HTMLTableSectionElement);
  const rest = find(table, ".odds-others", HTMLTableRowElement);
  /** @type {Map<number, HTMLTableRowElement>} */
  let rows = new Map();
  let taking = false;

  /**
   * @param {CandidateAnswer} one
   * @param {((one: CandidateAnswer) => void) | null} take
   * @param {number} first  the id of the likeliest of all
   */
  function rowOf(one, take, first) {
    const row = rows.get(one.id) ?? newRow(one, take);
    row.toggleAttribute("data-cut", one.cut_by !== "");
    row.toggleAttribute("data-first", one.id === first);
    find(row, ".rank").textContent = count(one.rank);
    find(row, ".mark").replaceChildren();
    return row;
  }

  return {
    /**
     * @param {FoundAnswer} found
     * @param {{ log: boolean, seed: number, take: ((one: CandidateAnswer) => void) | null, chosen: number }} wishes
     *   chosen: the id of the row that is marked, −1 for none
     */
    draw(found, { log, seed, take, chosen }) {
      const others = othersOf(found);
      const scale = { log, full: fullBar(others.listed) };
      const best = others.listed.reduce((top, one) => (one.final_probability > top.final_probability ? one : top));
      if (taking !== Boolean(take)) rows = new Map();
      taking = Boolean(take);
      rows = new Map(others.listed.map((one) => [one.id, rowOf(one, take, best.id)]));
      for (const one of others.listed) {
        const row = /** @type {HTMLTableRowElement} */ (rows.get(one.id));
        measure(row, one, scale);
        row.querySelector(".take")?.setAttribute("aria-pressed", String(one.id === chosen));
        if (found.drawn?.id === one.id) find(row, ".mark").replaceChildren(dieOf(seed));
      }
      arrange(body, [...rows.values()]);
      measure(rest, others, scale);
      rest.hidden = others.count === 0;
      const name = _n("{count} other", "{count} others", others.count);
      find(rest, ".others-button").textContent = name;
      find(table, ".scale-low").textContent = log ? LOWEST_SHARE : percentWhole(0);
      find(table, ".scale-high").textContent = percentWhole(log ? 1 : scale.full);
      rest.toggleAttribute("data-beyond", !log && others.final_probability > scale.full);
      const hasRules = found.rules.length > 0;
      table.classList.toggle("has-rules", hasRules);
      find(table, "thead .raw").textContent = hasRules ? _("by itself") : _("probability");
    },
  };
}
