// One picture of a sweep: rows of depths or layers, columns of positions or heads, cells that fill as they come.
import { diverging, shade } from "../../web/colour.js";
import { closest, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { cellSentence, errorSentence, panelNames, placeName, shownText } from "./sweep_words.js";

/** @typedef {import("../../web/calls.d.ts").ColumnAnswer} ColumnAnswer */
/** @typedef {import("./sweep_words.js").Direction} Direction */
/** @typedef {import("./sweep_words.js").Of} Of */
/** @typedef {{ direction: Direction, rows: number, columns: ColumnAnswer[], values: (number | null | undefined)[][],
 *   estimate?: import("../../web/calls.d.ts").EstimateAnswer }} Panel
 *   values: undefined where a cell has not come yet, null where there is none */
/** @typedef {{ direction: Direction, row: number, column: number }} Place */

const UPRIGHT = 44; // pixels a column may take at least for its word to be written across
const HIGHEST = 64;

/**
 * The frame of a picture, all cells waiting.
 * @param {import("../../web/calls.d.ts").PanelAnswer} told
 * @returns {Panel}
 */
export function emptyPanel({ direction, rows, columns }) {
  const values = Array.from({ length: rows }, () => columns.map(() => /** @type {number | undefined} */ (undefined)));
  return { direction: /** @type {Direction} */ (direction), rows, columns, values };
}

/**
 * Whether the columns begin another stack or kind of attention here.
 * @param {readonly ColumnAnswer[]} columns
 * @param {number} place
 */
const begins = (columns, place) =>
  place > 0 &&
  (columns[place].stack !== columns[place - 1].stack || columns[place].attention !== columns[place - 1].attention);

/**
 * @param {Panel} panel
 * @param {{ of: Of, limit: number, width: number, height: number, isChosen: boolean }} view
 */
export function drawPanel(panel, { of, limit, width, height, isChosen }) {
  const [name, meaning] = panelNames(panel.direction);
  const across = (width - 34) / panel.columns.length;
  const isUpright = of !== "head" && across < UPRIGHT;
  const words = of === "head" ? 30 : isUpright ? 92 : 34;
  const high = Math.max(14, Math.min(HIGHEST, Math.floor((height - words - 56) / panel.rows) - 1));
  const grid = h("div", {
    class: "sweep-grid",
    role: "grid",
    "aria-label": name,
    "aria-readonly": "true",
    "data-upright": isUpright,
    style: { gridTemplateColumns: `max-content repeat(${panel.columns.length}, minmax(14px, 1fr))` },
  });
  grid.style.setProperty("--sweep-cell", `${high}px`);
  grid.append(...panel.values.map((_row, row) => rowNode(panel, of, row, limit)), namesNode(panel, of));
  const error = panel.estimate && h("p", { class: "sweep-error" }, errorSentence(panel.estimate));
  return h(
    "section",
    { class: "sweep-panel", "data-direction": panel.direction, "data-chosen": isChosen },
    h("h3", { class: "sweep-title" }, name, h("small", null, meaning)),
    h("div", { class: "sweep-scroll" }, grid),
    error,
  );
}

/**
 * @param {Panel} panel
 * @param {Of} of
 * @param {number} row
 * @param {number} limit
 */
function rowNode(panel, of, row, limit) {
  const cells = panel.columns.map((_column, place) => cellNode(panel, of, { row, place }, limit));
  return h(
    "div",
    { class: "sweep-row", role: "row" },
    h("div", { class: "sweep-depth", role: "rowheader" }, String(row)),
    cells,
  );
}

/**
 * @param {Panel} panel
 * @param {Of} of
 * @param {{ row: number, place: number }} at
 * @param {number} limit
 */
function cellNode(panel, of, { row, place }, limit) {
  const node = h("div", {
    class: "sweep-cell",
    role: "gridcell",
    tabindex: -1,
    "aria-selected": "false",
    "data-row": row,
    "data-column": place,
    "data-begins": begins(panel.columns, place),
  });
  paintCell(node, panel, of, limit);
  return node;
}

/**
 * Colours a cell by what is known of it.
 * @param {HTMLElement} node
 * @param {Panel} panel
 * @param {Of} of
 * @param {number} limit
 */
export function paintCell(node, panel, of, limit) {
  const [row, place] = [Number(node.dataset.row), Number(node.dataset.column)];
  const column = panel.columns[place];
  const value = panel.values[row][place];
  const sentence = cellSentence(of, row, column, value);
  node.setAttribute("aria-label", sentence);
  node.dataset.tip = sentence;
  node.title = sentence;
  node.toggleAttribute("data-none", value === null);
  node.toggleAttribute("data-waits", value === undefined);
  shade(node, value === null || value === undefined ? null : 0.5 + value / limit / 2, diverging);
}

/**
 * The words under the columns, or the numbers of the heads.
 * @param {Panel} panel
 * @param {Of} of
 */
function namesNode({ columns }, of) {
  const corner = of === "residual" ? _("depth") : _("layer");
  const isHeads = of === "head";
  return h(
    "div",
    { class: "sweep-row", role: "row" },
    h("div", { class: "sweep-corner", role: "columnheader" }, corner),
    columns.map((column, place) =>
      h(
        "div",
        {
          class: "sweep-column",
          role: "columnheader",
          dir: "auto",
          title: isHeads ? placeName(of, 0, column) : column.text,
          "data-differs": !isHeads && column.from_text !== column.text,
          "data-begins": begins(columns, place),
        },
        h("span", null, isHeads ? headName(column) : shownText(column.text)),
      ),
    ),
  );
}

/** @param {ColumnAnswer} column */
function headName({ stack, attention, head }) {
  const sign = attention === "cross" ? "×" : stack === "encoder" ? "e" : "";
  return `${sign}${head}`;
}

/**
 * Where an event happened.
 * @param {Event} event
 * @returns {Place | null}
 */
export function placeOf(event) {
  const cell = closest(event, ".sweep-cell");
  const panel = closest(event, ".sweep-panel");
  if (!cell || !panel) return null;
  const direction = /** @type {Direction} */ (panel.dataset.direction);
  return { direction, row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
}

/**
 * @param {ParentNode} root
 * @param {Place} place
 */
export function cellAt(root, { direction, row, column }) {
  const found = root.querySelector(
    `[data-direction="${direction}"] .sweep-cell[data-row="${row}"][data-column="${column}"]`,
  );
  return found instanceof HTMLElement ? found : null;
}

/**
 * Marks the chosen cell in every picture; each picture has one cell that the Tab key reaches.
 * @param {ParentNode} root
 * @param {Place | null} chosen
 */
export function markCells(root, chosen) {
  for (const grid of root.querySelectorAll(".sweep-grid")) {
    for (const node of grid.querySelectorAll("[aria-selected=true]")) node.setAttribute("aria-selected", "false");
    for (const node of grid.querySelectorAll(".sweep-cell[tabindex='0']")) node.setAttribute("tabindex", "-1");
    const { row = 0, column = 0 } = chosen ?? {};
    const own = grid.querySelector(`.sweep-cell[data-row="${row}"][data-column="${column}"]`);
    if (chosen) own?.setAttribute("aria-selected", "true");
    (own ?? grid.querySelector(".sweep-cell"))?.setAttribute("tabindex", "0");
  }
}

/**
 * The cell worth a headline: of the residual the deepest that carries at least half elsewhere than where the question
 * is asked, else the largest; of anything else the largest.
 * @param {Panel} panel
 * @param {Of} of
 * @returns {Place | null}
 */
export function bestCell({ direction, columns, values }, of) {
  const last = columns.length - 1;
  /** @type {(Place & { value: number })[]} */
  const found = values.flatMap((cells, row) =>
    cells.flatMap((value, column) => (typeof value === "number" ? [{ direction, row, column, value }] : [])),
  );
  if (!found.length) return null;
  const most = found.reduce((best, one) => (one.value > best.value ? one : best));
  if (of !== "residual") return most;
  const deep = found.filter(({ column, row, value }) => row > 0 && column < last && value >= 0.5);
  return deep.length ? deep.reduce((best, one) => (one.row >= best.row ? one : best)) : most;
}
