// Pointer and keys on the heatmap: cells are read out, rows are chosen, parts are zoomed to.
import { changesHere } from "../../web/change_here.js";
import { h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { fitted, set, state } from "../../web/store.js";
import { ofEdge, ofHead } from "../../web/suggested_changes.js";
import { tokensOf } from "./asked.js";
import { positionOf, unitsOf, zoomOf } from "./axes.js";
import { isOneHead } from "./chosen_row.js";
import { cellName, moved, valueText } from "./heatmap_cells.js";
import { mark } from "./heatmap_drawing.js";
import { spansOf } from "./tiles.js";

/** @typedef {import("./heatmap.js").Heatmap} Heatmap */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */

/**
 * @param {Heatmap} map
 * @param {Cell} cell
 */
export function readCell(map, { row, column }) {
  const { readout, shown } = map;
  if (!shown) return;
  map.read = { row, column };
  const { rows, columns, stacks, run, grid } = shown;
  const from = cellName(rows, tokensOf(run, stacks.row), row);
  const to = cellName(columns, tokensOf(run, stacks.column), column);
  readout.replaceChildren(`${from} → ${to}: `, h("b", null, valueText(grid[row][column])));
}

/**
 * Reads the same cell out of another picture of the same rows and columns; nothing where it is left out there.
 * @param {Heatmap} map
 */
export function readAgain(map) {
  const value = map.read && map.shown?.grid[map.read.row]?.[map.read.column];
  if (map.read && value !== undefined && !Number.isNaN(value)) readCell(map, map.read);
  else forgetRead(map);
}

/** @param {Heatmap} map */
export function forgetRead(map) {
  map.read = null;
  map.readout.textContent = "";
}

/**
 * Chooses the row's token; where columns are chosen, looks from there.
 * @param {Heatmap} map
 * @param {number} row
 */
export function selectRow({ shown }, row) {
  if (!shown) return;
  const unit = shown.rows.first + row * shown.rows.step;
  set({ token: { stack: shown.stacks.row, position: positionOf(shown.rows, unit) } });
}

// ---- tiles ----------------------------------------------------------------------------------------------------------

/**
 * @param {Heatmap} map
 * @param {MouseEvent} event
 * @returns {Cell | null}
 */
function tileUnder({ place, tiles, shown }, event) {
  if (!tiles || !shown) return null;
  const box = place.getBoundingClientRect();
  const { rows, columns } = spansOf(shown);
  const row = rows.first + Math.floor((event.clientY - box.top - tiles.top) / tiles.high);
  const column = columns.first + Math.floor((event.clientX - box.left - tiles.left) / tiles.wide);
  const inside = row >= rows.first && row < rows.last && column < columns.last;
  return inside ? { row, column: Math.max(columns.first, column) } : null; // a row's name belongs to its row
}

/**
 * A press chooses the row, a mouse drawn over several tiles zooms to them.
 * @param {Heatmap} map
 */
export function listen(map) {
  const { place } = map;
  /** @type {Cell | null} */
  let start = null;
  place.addEventListener("pointermove", (event) => {
    const cell = tileUnder(map, event);
    if (cell && map.shown && !Number.isNaN(map.shown.grid[cell.row][cell.column])) readCell(map, cell);
  });
  place.addEventListener("pointerdown", (event) => {
    start = event.button === 0 ? tileUnder(map, event) : null;
  });
  place.addEventListener("pointerup", (event) => {
    const end = tileUnder(map, event);
    if (start && end) finish(map, start, end, event.pointerType);
    start = null;
  });
  place.addEventListener("dblclick", () => {
    if (map.tiles) set({ attention_zoom: [] });
  });
}

/**
 * @param {Heatmap} map
 * @param {Cell} start
 * @param {Cell} end
 * @param {string} pointer
 */
function finish(map, start, end, pointer) {
  const [low, high] = [Math.min(start.row, end.row), Math.max(start.row, end.row)];
  const [left, right] = [Math.min(start.column, end.column), Math.max(start.column, end.column)];
  if (low === high || left === right || pointer !== "mouse") {
    if (low === high) selectRow(map, end.row);
    return;
  }
  const { shown } = map;
  if (!shown) return;
  set({ attention_zoom: zoomOf([left - 0.5, right + 0.5], [low - 0.5, high + 0.5], shown.rows, shown.columns) });
}

// ---- changes --------------------------------------------------------------------------------------------------------

/**
 * Lets a cell's connection be cut, or its head be switched off, where the cell lies.
 * @param {Heatmap} map
 */
export function offerChanges(map) {
  if (map.props.run && map.props.run !== "main") return;
  changesHere(map.stage, (event) => {
    const byKey = event instanceof KeyboardEvent;
    const cell = byKey ? map.cursor : event instanceof MouseEvent && map.tiles ? tileUnder(map, event) : map.read;
    return cell && offerOf(map, cell);
  });
}

/**
 * @param {Heatmap} map
 * @param {Cell} cell
 * @returns {import("../../web/change_here.js").Offer | null}
 */
function offerOf({ shown }, { row, column }) {
  if (!shown || Number.isNaN(shown.grid[row]?.[column] ?? Number.NaN)) return null;
  const { rows, columns, stacks, run } = shown;
  const { kind, layer, head } = fitted(run, state);
  const own = isOneHead() ? ofHead({ kind, layer, head }) : [];
  const query = onlyToken(rows, row);
  const key = onlyToken(columns, column);
  const isEdge = query !== null && key !== null;
  const edges = isEdge ? ofEdge({ kind, layer, head: isOneHead() ? head : null }, { query, key }) : [];
  const from = cellName(rows, tokensOf(run, stacks.row), row);
  const to = cellName(columns, tokensOf(run, stacks.column), column);
  const title = isOneHead()
    ? _("Head {head}: {from} → {to}", { head: `${layer}·${head}`, from, to })
    : `${from} → ${to}`;
  return edges.length + own.length ? { title, changes: [...edges, ...own] } : null;
}

/**
 * The token a drawn cell stands for; null where it stands for several.
 * @param {import("./axes.js").Axis} axis
 * @param {number} cell
 */
function onlyToken(axis, cell) {
  const [first, last] = unitsOf(axis, cell);
  const [begin, end] = axis.groups ? [axis.groups[first], axis.groups[last]] : [first, last];
  return end - begin === 1 ? begin : null;
}

// ---- keys -----------------------------------------------------------------------------------------------------------

/**
 * @param {Heatmap} map
 * @param {KeyboardEvent} event
 */
export function keyed(map, event) {
  if (!map.shown || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = moved(map.shown, map.cursor, event.key);
  if (next) {
    map.cursor = next;
    readCell(map, next);
    mark(map);
  } else if (event.key === "Enter" && map.cursor) selectRow(map, map.cursor.row);
  else if (event.key === "Escape") set({ attention_zoom: [] });
  else return;
  event.preventDefault();
}
