// Pointer and keys on the heatmap: cells are read out, rows are chosen, parts are zoomed to.
import { h } from "../../web/dom.js";
import { set } from "../../web/store.js";
import { tokensOf } from "./asked.js";
import { positionOf, zoomOf } from "./axes.js";
import { cellAt, cellName, moved, valueText } from "./heatmap_cells.js";
import { mark } from "./heatmap_drawing.js";

/** @typedef {import("./heatmap.js").Heatmap} Heatmap */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */

/**
 * @param {Heatmap} map
 * @param {Cell} cell
 */
function read({ readout, shown }, { row, column }) {
  if (!shown) return;
  const { rows, columns, stacks, run, grid } = shown;
  const from = cellName(rows, tokensOf(run, stacks.row), row);
  const to = cellName(columns, tokensOf(run, stacks.column), column);
  readout.replaceChildren(`${from} → ${to}: `, h("b", null, valueText(grid[row][column])));
}

/**
 * @param {Heatmap} map
 * @param {number} row
 */
function select({ shown }, row) {
  if (!shown) return;
  const unit = shown.rows.first + row * shown.rows.step;
  set({ token: { stack: shown.stacks.row, position: positionOf(shown.rows, unit) } });
}

/**
 * @param {Heatmap} map
 * @param {MouseEvent} event
 */
function cellUnder({ plot, shown }, event) {
  const box = plot.querySelector(".nsewdrag")?.getBoundingClientRect();
  if (!box || !shown) return null;
  const { xaxis, yaxis } = plot._fullLayout;
  return cellAt(shown, xaxis.p2c(event.clientX - box.left), yaxis.p2c(event.clientY - box.top));
}

/**
 * Plotly's own events can be heard once it has drawn.
 * @param {Heatmap} map
 */
export function listen(map) {
  const { plot } = map;
  if (map.listening || !plot.on) return;
  map.listening = true;
  plot.addEventListener("mousemove", (event) => {
    const cell = cellUnder(map, event);
    if (cell) read(map, cell);
  });
  plot.on("plotly_click", ({ points: [point] }) => {
    const cell = map.shown && cellAt(map.shown, point.x, point.y);
    if (cell) select(map, cell.row);
  });
  plot.on("plotly_doubleclick", () => set({ attention_zoom: [] }));
  plot.on("plotly_relayout", (change) => {
    if (Object.keys(change).some((key) => /^[xy]axis\.range/.test(key))) keepZoom(map);
  });
}

/** @param {Heatmap} map */
function keepZoom({ plot, shown }) {
  if (!shown) return;
  const { xaxis, yaxis } = plot._fullLayout;
  const [bottom, top] = yaxis.range;
  set({ attention_zoom: zoomOf([xaxis.range[0], xaxis.range[1]], [top, bottom], shown.rows, shown.columns) });
}

/**
 * @param {Heatmap} map
 * @param {KeyboardEvent} event
 */
export function keyed(map, event) {
  if (!map.shown || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = moved(map.shown, map.cursor, event.key);
  if (next) {
    map.cursor = next;
    read(map, next);
    mark(map);
  } else if (event.key === "Enter" && map.cursor) select(map, map.cursor.row);
  else if (event.key === "Escape") set({ attention_zoom: [] });
  else return;
  event.preventDefault();
}
