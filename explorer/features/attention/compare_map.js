// One of the three maps of two heads beside each other: cells on a canvas, names, hatching and the chosen row over it.
import { find, svg } from "../../web/dom.js";
import { unitsOf } from "./axes.js";
import { fontOf } from "./tiles.js";
import { fitting, tilesLayout } from "./tiles_layout.js";

/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */
/** @typedef {import("./tiles_layout.js").Tiles} Tiles */
/** @typedef {import("./tiles_layout.js").Label} Label */
/**
 * What a map shows.
 * @typedef {object} Shown
 * @property {Float32Array} values  row after row; NaN where there is nothing
 * @property {Axis} rows
 * @property {Axis} columns
 * @property {string[]} rowNames  of each drawn row
 * @property {string[]} columnNames
 * @property {boolean[]} rowMatched  whether any of its tokens has a counterpart
 * @property {boolean[]} columnMatched
 * @property {boolean} covers  whether what has no counterpart is hidden by its hatching: there is nothing to show
 * @property {(value: number) => number} placeOf  of a value on the scale, 0 to 255
 * @property {Uint8ClampedArray} flat  the scale, three numbers for each of its 256 colours
 * @property {Cell | null} chosen  the drawn row that is chosen, and the column walked to, −1 for none
 */

const HATCH = "att-hatching";
const LEAST = 0.5; // pixels of a cell: maps shrink, they do not scroll
const LINE = 1.1; // heights of type that a name takes

/**
 * Draws a map into its figure; gives where its cells lie.
 * @param {HTMLElement} figure
 * @param {Shown} shown
 * @returns {Tiles}
 */
export function drawMap(figure, shown) {
  const place = find(figure, ".att-place");
  const canvas = find(figure, "canvas", HTMLCanvasElement);
  const over = find(figure, "svg", SVGSVGElement);
  const type = fontOf(place);
  const room = { width: place.clientWidth, height: place.clientHeight, least: LEAST, ...type };
  const rows = { first: 0, names: shown.rowNames };
  const layout = tilesLayout(rows, { first: 0, names: shown.columnNames }, room, false);
  paint(canvas, shown);
  const { left, top, right, bottom } = layout;
  const size = { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` };
  Object.assign(canvas.style, size);
  over.setAttribute("width", String(room.width));
  over.setAttribute("height", String(room.height));
  const frame = svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "att-frame" });
  over.replaceChildren(
    hatching(),
    ...hatched(shown, layout),
    frame,
    ...names(shown, layout, type),
    ...marks(shown, layout),
  );
  return layout;
}

/**
 * One pixel a cell; the style makes it large.
 * @param {HTMLCanvasElement} canvas
 * @param {Shown} shown
 */
function paint(canvas, { values, rows, columns, placeOf, flat }) {
  canvas.width = columns.drawn;
  canvas.height = rows.drawn;
  const image = new ImageData(columns.drawn, rows.drawn);
  values.forEach((value, cell) => {
    if (Number.isNaN(value)) return;
    const place = 3 * placeOf(value);
    image.data.set([flat[place], flat[place + 1], flat[place + 2], 255], cell * 4);
  });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

// ---- what has no counterpart ----------------------------------------------------------------------------------------

function hatching() {
  const line = svg("path", { d: "M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5", class: "att-hatch" });
  return svg("defs", null, svg("pattern", { id: HATCH, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, line));
}

/**
 * @param {Shown} shown
 * @param {Tiles} layout
 */
function hatched({ rowMatched, columnMatched, covers }, { left, top, right, bottom, wide, high }) {
  const bands = [
    ...runs(rowMatched).map(([at, count]) => ({
      x: left,
      y: top + at * high,
      width: right - left,
      height: count * high,
    })),
    ...runs(columnMatched).map(([at, count]) => ({
      x: left + at * wide,
      y: top,
      width: count * wide,
      height: bottom - top,
    })),
  ];
  return bands.map((band) => svg("rect", { ...band, fill: `url(#${HATCH})`, opacity: covers ? 1 : 0.45 }));
}

/**
 * The runs of cells without a counterpart: where each begins, and how long it is.
 * @param {readonly boolean[]} matched
 * @returns {[at: number, count: number][]}
 */
export function runs(matched) {
  /** @type {[number, number][]} */
  const found = [];
  matched.forEach((isMatched, at) => {
    const last = found.at(-1);
    if (isMatched) return;
    if (last && last[0] + last[1] === at) last[1] += 1;
    else found.push([at, 1]);
  });
  return found;
}

/**
 * Whether each drawn cell of an axis stands for a token that has a counterpart.
 * @param {Axis} axis
 * @param {readonly number[]} positions
 */
export function matchedCells(axis, positions) {
  const known = new Set(positions);
  return Array.from({ length: axis.drawn }, (_cell, cell) => {
    const [first, last] = unitsOf(axis, cell);
    return Array.from({ length: last - first }, (_unit, at) => first + at).some((position) => known.has(position));
  });
}

// ---- names and marks ------------------------------------------------------------------------------------------------

/**
 * The names there is room for; the chosen row's is always there, and takes the place of its neighbours.
 * @param {Shown} shown
 * @param {Tiles} layout
 * @param {ReturnType<typeof fontOf>} type
 */
function names({ chosen, rowNames, rowMatched, columnMatched }, layout, { font, measure }) {
  const row = chosen?.row ?? -1;
  const y = layout.top + layout.high * (row + 0.5) + font * 0.34;
  const kept = layout.rows.filter((label) => label.unit === row || row < 0 || Math.abs(label.y - y) >= font * LINE);
  const missing = row >= 0 && !kept.some(({ unit }) => unit === row);
  /** @type {Label[]} */
  const own = missing
    ? [{ unit: row, x: layout.left - 8, y, text: fitting(rowNames[row], layout.left - 8, measure) }]
    : [];
  const turn = (/** @type {Label} */ { x, y: base }) => (layout.slanted ? `rotate(-45 ${x} ${base})` : null);
  const classOf = (/** @type {boolean} */ isChosen, /** @type {boolean} */ isMatched) =>
    `tile-name${isChosen ? " is-chosen" : ""}${isMatched ? "" : " is-alone"}`;
  return [
    ...[...kept, ...own].map((label) => {
      const look = { class: classOf(label.unit === row, rowMatched[label.unit]), "text-anchor": "end", dir: "auto" };
      return svg("text", { x: label.x, y: label.y, ...look }, label.text);
    }),
    ...layout.columns.map((label) => {
      const look = { class: classOf(label.unit === chosen?.column, columnMatched[label.unit]), transform: turn(label) };
      return svg("text", { x: label.x, y: label.y, ...look }, label.text);
    }),
  ];
}

/**
 * @param {Shown} shown
 * @param {Tiles} layout
 */
function marks({ chosen }, { left, top, right, wide, high }) {
  if (!chosen || chosen.row < 0) return [];
  const y = top + chosen.row * high;
  const row = svg("rect", { x: left, y, width: right - left, height: high, class: "tile-mark" });
  if (chosen.column < 0) return [row];
  const x = left + chosen.column * wide;
  return [row, svg("rect", { x, y, width: wide, height: high, class: "tile-cursor" })];
}

/**
 * The drawn cell under a pointer; null beside the map. A row's name belongs to its row, with no column.
 * @param {HTMLElement} place
 * @param {Tiles} layout
 * @param {{ rows: Axis, columns: Axis }} axes
 * @param {MouseEvent} event
 * @returns {Cell | null}
 */
export function cellUnder(place, { left, top, wide, high }, { rows, columns }, event) {
  const box = place.getBoundingClientRect();
  const row = Math.floor((event.clientY - box.top - top) / high);
  const column = Math.floor((event.clientX - box.left - left) / wide);
  if (row < 0 || row >= rows.drawn || column >= columns.drawn) return null;
  return { row, column: Math.max(-1, column) };
}
