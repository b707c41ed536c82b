// The heatmap as Plotly takes it.
import { sequential } from "../../web/colour.js";
import { number } from "../../web/language.js";
import { literal } from "../../web/plot.js";
import { edgesOf, fullRange, ticked, tickLabel } from "./axes.js";
import { FLOOR, topOf } from "./scale.js";

/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {import("./axes.js").Range} Range */
/** @typedef {import("./axes.js").TokenRow} TokenRow */

/** @typedef {import("./scale.js").Kind} Kind */

const DECADES = [-4, -3, -2, -1, 0, 1, 2];
const CHARACTER = 0.52; // of a label's height is its usual width
const LABEL_CHARACTERS = 12;

/**
 * @param {{ grid: Float32Array[], rows: Axis, columns: Axis }} shown
 * @param {number} peak  where the colour scale ends
 * @param {Kind} kind
 */
export function traceOf({ grid, rows, columns }, peak, kind) {
  const top = topOf(peak);
  const isLog = kind === "log";
  return {
    type: "heatmap",
    z: isLog ? grid.map((row) => row.map((value) => Math.log10(Math.max(value, FLOOR)))) : grid,
    x: edgesOf(columns),
    y: edgesOf(rows),
    hoverinfo: "none",
    hoverongaps: false,
    zmin: isLog ? Math.log10(FLOOR) : 0,
    zmax: isLog ? Math.log10(top) : top,
    colorscale: kind === "root" ? sequential.plotly.map(([share, colour]) => [share ** 2, colour]) : sequential.plotly,
    colorbar: { thickness: 10, outlinewidth: 0, len: 0.9, tickfont: { size: 11 }, ...(isLog ? decadesTo(top) : {}) },
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
 * @param {{ pixels: number, font: number }} room
 * @param {Range} range
 */
export function axisLayout(axis, tokens, { pixels, font }, range) {
  const units = ticked(axis.count, range, pixels, font * 1.1);
  return {
    tickvals: units,
    ticktext: units.map((unit) => literal(tickLabel(axis, tokens, unit))),
    tickfont: { size: font },
    showgrid: false,
    zeroline: false,
    ticks: "",
    fixedrange: false,
    range,
    autorange: false,
  };
}

/**
 * How large the picture is drawn: within its place, cells square where that leaves them large enough.
 * @param {{ width: number, height: number, font: number }} room
 * @param {Axis} rows
 * @param {Axis} columns
 */
export function sizeOf({ width, height, font }, rows, columns) {
  const label = Math.round(font * CHARACTER * LABEL_CHARACTERS);
  const margin = { l: label + 8, t: 8, r: 8, b: label };
  const inner = Math.max(120, Math.min(width - margin.l - margin.r, (height - margin.t - margin.b) * 1.2));
  const ratio = Math.min(1.1, Math.max(0.35, rows.count / columns.count));
  const high = Math.max(120, Math.min(inner * ratio, height - margin.t - margin.b));
  return { width: inner + margin.l + margin.r, height: high + margin.t + margin.b, margin, inner, high };
}

/**
 * @param {{ rows: Axis, columns: Axis }} shown
 * @param {{ row: readonly TokenRow[], column: readonly TokenRow[] }} tokens
 * @param {{ x: Range, y: Range } | null} zoom
 * @param {{ width: number, height: number, font: number }} room  the place there is, and the labels' height, in pixels
 */
export function layoutOf({ rows, columns }, tokens, zoom, room) {
  const { width, height, margin, inner, high } = sizeOf(room, rows, columns);
  const y = axisLayout(rows, tokens.row, { pixels: high, font: room.font }, zoom?.y ?? fullRange(rows));
  const x = axisLayout(columns, tokens.column, { pixels: inner, font: room.font }, zoom?.x ?? fullRange(columns));
  return {
    width,
    height,
    margin,
    dragmode: "zoom",
    uirevision: "", // what is zoomed to is in the store
    xaxis: { ...x, tickangle: -60 },
    yaxis: { ...y, range: [y.range[1], y.range[0]] }, // the first row at the top
  };
}
