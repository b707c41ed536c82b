// The heatmap as Plotly takes it, and the sentences below it.
import { sequential } from "../../web/colour.js";
import { _, number } from "../../web/language.js";
import { literal } from "../../web/plot.js";
import { edgesOf, fullRange, ticked, tickLabel } from "./axes.js";

/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {import("./axes.js").Range} Range */
/** @typedef {import("./axes.js").TokenRow} TokenRow */

const FLOOR = 1e-4; // the smallest share the logarithmic scale tells apart
const DECADES = [-4, -3, -2, -1, 0, 1, 2];
const MARGIN = { l: 96, t: 8, r: 8, b: 72 };
const COLORBAR_PIXELS = 60;
const MOST_PIXELS = 720;

/**
 * @param {{ grid: Float32Array[], rows: Axis, columns: Axis }} shown
 * @param {number} peak  where the colour scale ends
 * @param {boolean} log
 */
export function traceOf({ grid, rows, columns }, peak, log) {
  const top = Math.max(peak, FLOOR * 10);
  return {
    type: "heatmap",
    z: log ? grid.map((row) => row.map((value) => Math.log10(Math.max(value, FLOOR)))) : grid,
    x: edgesOf(columns),
    y: edgesOf(rows),
    hoverinfo: "none",
    hoverongaps: false,
    zmin: log ? Math.log10(FLOOR) : 0,
    zmax: log ? Math.log10(top) : top,
    colorscale: sequential.plotly,
    colorbar: { thickness: 10, outlinewidth: 0, len: 0.9, tickfont: { size: 11 }, ...(log ? decadesTo(top) : {}) },
  };
}

/** @param {number} peak */
function decadesTo(peak) {
  const shown = DECADES.filter((power) => power <= Math.log10(peak));
  const names = shown.map((power) =>
    power === -4 ? `≤ ${number(FLOOR, 4)}` : number(10 ** power, Math.max(0, -power)),
  );
  return { tickvals: shown, ticktext: names };
}

/**
 * @param {Axis} axis
 * @param {readonly TokenRow[]} tokens
 * @param {number} pixels
 * @param {Range} range
 */
export function axisLayout(axis, tokens, pixels, range) {
  const units = ticked(axis.count, range, pixels);
  return {
    tickvals: units,
    ticktext: units.map((unit) => literal(tickLabel(axis, tokens, unit))),
    tickfont: { size: 11 },
    showgrid: false,
    zeroline: false,
    ticks: "",
    fixedrange: false,
    range,
    autorange: false,
  };
}

/**
 * How large the picture is drawn: as wide as its place, cells square where that is not too high.
 * @param {number} width
 * @param {Axis} rows
 * @param {Axis} columns
 */
export function sizeOf(width, rows, columns) {
  const inner = Math.max(120, width - MARGIN.l - MARGIN.r - COLORBAR_PIXELS);
  const ratio = Math.min(1.1, Math.max(0.35, rows.count / columns.count));
  const high = Math.min(inner * ratio, MOST_PIXELS);
  return { width, height: Math.round(high + MARGIN.t + MARGIN.b), inner, high };
}

/**
 * @param {{ rows: Axis, columns: Axis }} shown
 * @param {{ row: readonly TokenRow[], column: readonly TokenRow[] }} tokens
 * @param {{ x: Range, y: Range } | null} zoom
 * @param {number} place  the width there is, in pixels
 */
export function layoutOf({ rows, columns }, tokens, zoom, place) {
  const { width, height, inner, high } = sizeOf(place, rows, columns);
  const y = axisLayout(rows, tokens.row, high, zoom?.y ?? fullRange(rows));
  return {
    width,
    height,
    margin: MARGIN,
    dragmode: "zoom",
    uirevision: "", // what is zoomed to is in the store
    xaxis: { ...axisLayout(columns, tokens.column, inner, zoom?.x ?? fullRange(columns)), tickangle: -60 },
    yaxis: { ...y, range: [y.range[1], y.range[0]] }, // the first row at the top
  };
}

/**
 * What has to be known to read the picture.
 * @param {import("../../web/calls.d.ts").HeatmapAnswer} shown
 * @param {{ meaning?: string, leftOut: boolean }} about
 */
export function notes({ causal, exact, peak, rows, columns, unit }, { meaning, leftOut }) {
  const rescaled = _("Some keys are left out and each row is divided by what remains.");
  const cells = { rows: rows.step, columns: columns.step };
  return [
    _("Rows are queries, columns are keys: each row shows where that token attends."),
    meaning,
    causal && _("Later tokens are left blank: this model cannot see them."),
    !exact && _("Each cell is the largest of {rows} × {columns}; zoom in for exact weights.", cells),
    leftOut && (unit === "norm" ? _("Some keys are left out.") : rescaled),
    peak === 0 && _("Nothing to draw: everything is left out."),
  ].filter((sentence) => typeof sentence === "string");
}
