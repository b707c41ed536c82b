// Draws a long text's heatmap with Plotly, which zooms and pans.
import { cssVariable } from "../../web/colour.js";
import { painted, plotly, themed } from "../../web/plot.js";
import { set, state } from "../../web/store.js";
import { tokensOf } from "./asked.js";
import { zoomed, zoomOf } from "./axes.js";
import { cellAt } from "./heatmap_cells.js";
import { peakOf } from "./heatmap_drawing.js";
import { layoutOf, traceOf } from "./heatmap_figure.js";
import { readCell, selectRow } from "./heatmap_hands.js";
import { cursorMark, seamMark, tokenMark } from "./heatmap_marks.js";
import { chosenUnits, roomHeight, seamOf } from "./tiles.js";

/** @typedef {import("./heatmap.js").Heatmap} Heatmap */
/** @typedef {import("./heatmap.js").Drawn} Drawn */

const OPTIONS = { displaylogo: false, displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const NARROW_SIDE = 480; // pixels, where the page has not said how large the picture may be

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
export function figureOf(map, shown) {
  const { place, stage } = map;
  const tokens = { row: tokensOf(shown.run, shown.stacks.row), column: tokensOf(shown.run, shown.stacks.column) };
  const zoom = zoomed(state.attention_zoom, shown.rows, shown.columns);
  const font = Number.parseFloat(getComputedStyle(place).fontSize);
  const room = {
    width: place.clientWidth || NARROW_SIDE,
    height: Math.min(roomHeight(stage), place.clientWidth * 1.1) || NARROW_SIDE,
    font,
  };
  return {
    trace: traceOf(shown, peakOf(map), state.attention_scale),
    layout: layoutOf(shown, tokens, zoom, room),
  };
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
function shapesOf({ stage, cursor }, shown) {
  const ink = cssVariable("--ink");
  return [
    ...seamMark(seamOf(shown), ink),
    ...tokenMark(chosenUnits(shown), ink),
    ...cursorMark(shown, document.activeElement === stage ? cursor : null, ink),
  ];
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
export async function drawPlot(map, shown) {
  const { trace, layout } = figureOf(map, shown);
  const figure = themed({ ...layout, shapes: shapesOf(map, shown) }, cssVariable);
  await painted(map.plot, [{ ...trace, showscale: false }], figure, OPTIONS);
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
export async function markPlot(map, shown) {
  const library = await plotly();
  await library.relayout(map.plot, { shapes: shapesOf(map, shown) });
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
export function listenToPlot(map) {
  const { plot } = map;
  if (map.listening || !plot.on) return;
  map.listening = true;
  plot.addEventListener("mousemove", (event) => {
    const cell = cellUnder(map, event);
    if (cell) readCell(map, cell);
  });
  plot.on("plotly_click", ({ points: [point] }) => {
    const cell = map.shown && cellAt(map.shown, point.x, point.y);
    if (cell) selectRow(map, cell.row);
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
