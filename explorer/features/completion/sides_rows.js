// The rows of two sides' next tokens: in each the bar of side A over the bar of side B. A row is kept as long as its
// token is listed, so that its bars glide when a slider moves.
import { find, h } from "../../web/dom.js";
import { count, percent, percentWhole } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { stepNameParts } from "../../web/steps.js";
import { arrange, barShare, fullBar } from "./distribution_rows.js";

/** @typedef {import("../../web/calls.d.ts").JoinedAnswer} JoinedAnswer */
/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */

const LETTERS = /** @type {const} */ (["A", "B"]);

/** @param {JoinedAnswer} row */
const nameOf = ({ text, special, sides }) => JSON.stringify([text, special, ...sides.map((one) => one?.id ?? null)]);

/** @param {JoinedAnswer} row */
function newRow(row) {
  /** @param {(letter: "A" | "B") => Node} make */
  const lines = (make) => LETTERS.map((letter) => h("span", { class: "side-line", "data-side": letter }, make(letter)));
  return h("tr", null, [
    h("th", { scope: "row", class: "token", dir: "auto", "data-special": row.special }, stepNameParts(row)),
    h(
      "td",
      { class: "bars" },
      lines((letter) => h("span", { class: "sides-bar" }, sideLetter(letter), track())),
    ),
    h(
      "td",
      { class: "number share" },
      lines(() => h("span", { class: "value" })),
    ),
    h(
      "td",
      { class: "number rank" },
      lines(() => h("span", { class: "value" })),
    ),
  ]);
}

const track = () => h("span", { class: "track" }, h("span", { class: "final-bar" }));

/**
 * @param {HTMLElement} node
 * @param {CandidateAnswer | null} one
 * @param {"A" | "B"} letter
 * @param {number} full
 */
function measure(node, one, letter, full) {
  const line = (/** @type {string} */ cell) => find(node, `${cell} [data-side=${letter}]`);
  line(".bars").toggleAttribute("data-absent", one === null);
  line(".bars").title = one ? "" : _("The vocabulary of side {letter} has no such token.", { letter });
  find(line(".bars"), ".final-bar").style.width =
    `${100 * barShare(one?.final_probability ?? 0, { log: false, full })}%`;
  line(".bars").toggleAttribute("data-first", one?.rank === 1);
  find(line(".share"), ".value").textContent = one ? one.cut_by || percent(one.final_probability) : "–";
  line(".share").title = one ? _("by itself {share}", { share: percent(one.probability) }) : "";
  find(line(".rank"), ".value").textContent = one ? count(one.rank) : "–";
}

/** @param {HTMLTableElement} table */
export function sidesTable(table) {
  const body = find(table, "tbody", HTMLTableSectionElement);
  /** @type {Map<string, HTMLTableRowElement>} */
  let rows = new Map();

  return {
    /** @param {readonly JoinedAnswer[]} listed */
    draw(listed) {
      const full = fullBar(listed.flatMap(({ sides }) => sides.flatMap((one) => (one ? [one] : []))));
      rows = new Map(listed.map((row) => [nameOf(row), rows.get(nameOf(row)) ?? newRow(row)]));
      for (const row of listed) {
        const node = /** @type {HTMLTableRowElement} */ (rows.get(nameOf(row)));
        row.sides.forEach((one, side) => {
          measure(node, one, LETTERS[side], full);
        });
      }
      arrange(body, [...rows.values()]);
      find(table, ".scale-low").textContent = percentWhole(0);
      find(table, ".scale-high").textContent = percentWhole(full);
    },
  };
}
