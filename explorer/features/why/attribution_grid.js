// The grid of tokens and methods: a row for each method where the tokens find room side by side, else a column.
import { diverging, shade } from "../../web/colour.js";
import { h } from "../../web/dom.js";
import { state } from "../../web/store.js";
import { cellSentence, columnName, methodMeaning, methodNames, valueText } from "./attribution_words.js";

/** @typedef {import("../../web/calls.d.ts").MethodAnswer} MethodAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {{ found: readonly MethodAnswer[], tokens: readonly TokenRow[], chosen: string, here: number,
 *   split: number }} Grid
 *   here: the place of the position asked about; split: where the second text begins, 0 for one text */

const NAMES = 11; // widths of a letter m that the methods' names take
const CELL = 3.6; // and a cell at least
const HEAD = 6.5; // and a column that has its method's whole name above it, on two lines

/**
 * Draws it; gives the cells, row by row as they are read.
 * @param {HTMLElement} place
 * @param {Grid} grid
 * @param {(method: string) => void} choose
 * @returns {HTMLElement[]}
 */
export function drawGrid(place, grid, choose) {
  const size = Number.parseFloat(getComputedStyle(place).fontSize) || 15;
  const isWide = (NAMES + CELL * grid.tokens.length) * size <= place.clientWidth;
  place.classList.toggle("is-tall", !isWide);
  const columns = isWide ? grid.tokens.length : grid.found.length;
  const isNamed = isWide || place.clientWidth / (columns + 1) >= HEAD * size;
  place.style.gridTemplateColumns = `max-content repeat(${columns}, minmax(0, 1fr))`;
  /** @type {HTMLElement[]} */
  const cells = [];
  const cellOf = (/** @type {MethodAnswer} */ found, /** @type {number} */ token) => {
    const made = cell(grid, found, token);
    cells.push(made);
    return made;
  };
  const heads = grid.tokens.map((token, at) => tokenHead(grid, token, at));
  const names = grid.found.map((found) => methodHead(found, grid.chosen, isNamed, choose));
  const corner = h("span", { class: "attr-corner" });
  const rows = isWide
    ? [[corner, ...heads], ...grid.found.map((found, row) => [names[row], rowOf(found, grid, cellOf)])]
    : [
        [corner, ...names],
        ...grid.tokens.map((token, at) => [
          heads[at],
          choices(
            columnName(token),
            grid.found.map((found) => cellOf(found, at)),
          ),
        ]),
      ];
  const seen = place.scrollTop;
  place.replaceChildren(...rows.flat());
  scrollTo(place, seen); // a reader stays where he was when another method comes
  return cells;
}

/**
 * Brings the token asked about into sight, where the tokens run downwards and do not all fit.
 * @param {HTMLElement} place
 */
export function reveal(place) {
  const [box, inside] = [place, place.querySelector(".attr-token[data-here]")].map((one) =>
    one?.getBoundingClientRect(),
  );
  if (!box || !inside || inside.bottom <= box.bottom) return;
  scrollTo(place, place.scrollTop + inside.bottom - box.bottom + box.height / 8);
}

/**
 * @param {HTMLElement} place
 * @param {number} top
 */
const scrollTo = (place, top) => place.scrollTo({ top, behavior: "instant" });

/**
 * A method's cells, or one sentence over all of its row.
 * @param {MethodAnswer} found
 * @param {Grid} grid
 * @param {(found: MethodAnswer, token: number) => HTMLElement} cellOf
 */
function rowOf(found, { tokens }, cellOf) {
  if (found.refusal) return h("span", { class: "attr-refusal" }, found.refusal);
  return choices(
    methodNames(found.method)[0],
    tokens.map((_token, at) => cellOf(found, at)),
  );
}

/**
 * A row's cells as a list to choose from; the row's head, a button, stands before it.
 * @param {string} name
 * @param {HTMLElement[]} cells
 */
const choices = (name, cells) => h("div", { class: "attr-row", role: "listbox", "aria-label": name }, cells);

/**
 * @param {Grid} grid
 * @param {MethodAnswer} found
 * @param {number} at
 */
function cell({ tokens, chosen }, found, at) {
  const shown = tokens.map((_token, place) => Math.abs(found.values[place] ?? 0));
  const most = Math.max(...shown, 1e-12);
  const value = found.values[at];
  const sentence = found.refusal || cellSentence(found, at, tokens);
  const node = h(
    "span",
    {
      class: "attr-cell",
      "data-method": found.method,
      "data-place": at,
      "data-chosen": found.method === chosen,
      "data-tip": sentence,
      "aria-label": sentence,
    },
    valueText(found.method, value),
  );
  shade(node, value === null || value === undefined ? null : 0.5 + value / most / 2, diverging);
  return node;
}

/**
 * @param {Grid} grid
 * @param {TokenRow} token
 * @param {number} at
 */
function tokenHead({ here, split }, token, at) {
  const props = { "data-here": at === here, "data-begins": split > 0 && at === split, title: columnName(token) };
  return h("span", { class: "attr-token", dir: "auto", ...props }, columnName(token));
}

/**
 * @param {MethodAnswer} found
 * @param {string} chosen
 * @param {boolean} isNamed  whether there is room for the whole name
 * @param {(method: string) => void} choose
 */
function methodHead({ method }, chosen, isNamed, choose) {
  const [name, short] = methodNames(method);
  const props = {
    class: "attr-method",
    "aria-pressed": method === chosen,
    "aria-label": name,
    title: methodMeaning(method, Number(state.why_steps)),
    onclick: () => choose(method),
  };
  return h("button", props, isNamed ? name : short);
}
