// Draws a short text's heatmap as tiles, one a cell, each with its number where there is room.
import { cssOf, indexOf, inkOn, sequential } from "../../web/colour.js";
import { find, svg } from "../../web/dom.js";
import { decimals, percentWhole } from "../../web/format.js";
import { state } from "../../web/store.js";
import { positionNow, tokensOf } from "./asked.js";
import { nameOf, unitAt, zoomed } from "./axes.js";
import { firstWritten } from "./continued.js";
import { shareOf } from "./scale.js";
import { tilesLayout } from "./tiles_layout.js";

/** @typedef {import("./heatmap.js").Heatmap} Heatmap */
/** @typedef {import("./heatmap.js").Drawn} Drawn */
/** @typedef {import("./tiles_layout.js").Tiles} Tiles */
/** @typedef {{ first: number, last: number }} Span  units, the last not within */

const MOST = 40; // rows or columns; more are Plotly's
const WORTH_A_NUMBER = 0.1; // of the largest value
const INSET = 0.75;
const NARROW = 760; // pixels, as in the style sheets: a page that scrolls

/** @param {Drawn} shown */
export const areTiles = ({ exact, rows, columns }) => exact && rows.count <= MOST && columns.count <= MOST;

/**
 * The whole units in sight.
 * @param {Drawn} shown
 * @returns {{ rows: Span, columns: Span }}
 */
export function spansOf({ rows, columns }) {
  const zoom = zoomed(state.attention_zoom, rows, columns);
  /** @type {(range: readonly [number, number]) => Span} */
  const within = ([low, high]) => ({ first: Math.ceil(low), last: Math.floor(high) + 1 });
  const all = { rows: { first: 0, last: rows.count }, columns: { first: 0, last: columns.count } };
  if (!zoom) return all;
  const part = { rows: within(zoom.y), columns: within(zoom.x) };
  return part.rows.first < part.rows.last && part.columns.first < part.columns.last ? part : all;
}

/**
 * Whether all is in sight: only then a causal pattern leaves a triangle free.
 * @param {Drawn} shown
 */
export function isWhole(shown) {
  const { rows, columns } = spansOf(shown);
  return rows.last - rows.first === shown.rows.count && columns.last - columns.first === shown.columns.count;
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
function layoutOf({ place, stage }, shown) {
  const { rows, columns } = spansOf(shown);
  const { font, measure } = fontOf(place);
  /** @type {(axis: import("./axes.js").Axis, stack: import("./asked.js").Stack, span: Span) => string[]} */
  const names = (axis, stack, { first, last }) => {
    const tokens = tokensOf(shown.run, stack);
    return Array.from({ length: last - first }, (_name, at) => nameOf(axis, tokens, first + at, first + at + 1));
  };
  const room = { width: Math.max(160, place.clientWidth - 4), height: roomHeight(stage), font, measure };
  const row = { first: rows.first, names: names(shown.rows, shown.stacks.row, rows) };
  const column = { first: columns.first, names: names(shown.columns, shown.stacks.column, columns) };
  return tilesLayout(row, column, room, shown.causal && isWhole(shown));
}

/**
 * How high a picture may be: as the first screen leaves it; on a narrow page as it likes.
 * @param {HTMLElement} stage
 */
export function roomHeight(stage) {
  if (window.innerWidth <= NARROW) return Number.POSITIVE_INFINITY;
  const area = stage.closest("#attention-picture") ?? stage;
  const key = stage.parentElement?.querySelector(".heatmap-key");
  const isBelow = key instanceof HTMLElement && getComputedStyle(key).position !== "absolute";
  return area.clientHeight - (isBelow ? key.offsetHeight : 0) - 2;
}

/** @param {Element} element */
export function fontOf(element) {
  const { fontFamily, fontSize } = getComputedStyle(element);
  const context = document.createElement("canvas").getContext("2d");
  if (context) context.font = `600 ${fontSize} ${fontFamily}`;
  return {
    font: Number.parseFloat(fontSize),
    measure: (/** @type {string} */ text) => context?.measureText(text).width ?? 0,
  };
}

/** @type {(value: number, unit: "share" | "norm") => string} */
const numberText = (value, unit) => (unit === "share" ? percentWhole(value).replace(/\s*%$/, "") : decimals(value, 1));

/**
 * @param {Drawn} shown
 * @param {Tiles} layout
 * @param {number} peak
 */
function tilesOf(shown, layout, peak) {
  const { rows, columns } = spansOf(shown);
  /** @type {SVGElement[]} */
  const nodes = [];
  for (let row = rows.first; row < rows.last; row += 1) {
    for (let column = columns.first; column < columns.last; column += 1) {
      const value = shown.grid[row][column];
      if (Number.isNaN(value)) continue;
      const x = layout.left + (column - columns.first) * layout.wide;
      const y = layout.top + (row - rows.first) * layout.high;
      const colour = sequential.colours[indexOf(shareOf(value, peak, state.attention_scale))];
      const size = { width: layout.wide - 2 * INSET, height: layout.high - 2 * INSET, rx: 3 };
      const cell = { "data-row": row, "data-column": column, "data-value": value };
      nodes.push(svg("rect", { x: x + INSET, y: y + INSET, ...size, fill: cssOf(colour), ...cell }));
      if (!layout.numbered || value < WORTH_A_NUMBER * (shown.unit === "share" ? 1 : peak)) continue;
      const middle = { x: x + layout.wide / 2, y: y + layout.high / 2, fill: inkOn(colour), class: "tile-number" };
      nodes.push(svg("text", middle, numberText(value, shown.unit)));
    }
  }
  return nodes;
}

/**
 * @param {Tiles} layout
 * @param {{ row: number | null, column: number | null }} chosen
 */
function labelsOf({ rows, columns, slanted }, chosen) {
  const names = rows.map(({ unit, x, y, text }) => {
    const name = unit === chosen.row ? "tile-name is-chosen" : "tile-name";
    return svg("text", { x, y, class: name, "text-anchor": "end", "data-unit": unit }, text);
  });
  const heads = columns.map(({ unit, x, y, text }) => {
    const name = unit === chosen.column ? "tile-name is-chosen" : "tile-name";
    return svg("text", { x, y, class: name, ...(slanted ? { transform: `rotate(-45 ${x} ${y})` } : {}) }, text);
  });
  return [...names, ...heads];
}

/**
 * The chosen row or column, the cell walked to, and the seam above the first row that the model wrote.
 * @param {Heatmap} map
 * @param {Drawn} shown
 * @param {Tiles} layout
 */
function marksOf({ stage, cursor }, shown, layout) {
  const { rows, columns } = spansOf(shown);
  const { left, top, wide, high, right, bottom } = layout;
  const x = (/** @type {number} */ unit) => left + (unit - columns.first) * wide;
  const y = (/** @type {number} */ unit) => top + (unit - rows.first) * high;
  const isIn = (/** @type {number} */ unit, /** @type {Span} */ { first, last }) => unit >= first && unit < last;
  const chosen = chosenUnits(shown);
  const nodes = [];
  const end = (/** @type {number} */ row) => (shown.causal ? Math.min(right, x(row + 1)) : right);
  if (chosen.row !== null && isIn(chosen.row, rows)) {
    const at = { x: left - 1, y: y(chosen.row) - 1, width: end(chosen.row) - left + 2, height: high + 2 };
    nodes.push(svg("rect", { ...at, rx: 5, class: "tile-mark" }));
  }
  if (chosen.column !== null && isIn(chosen.column, columns)) {
    const start = shown.causal ? Math.max(top, y(chosen.column)) : top;
    const at = { x: x(chosen.column) - 1, y: start - 1, width: wide + 2, height: bottom - start + 2 };
    nodes.push(svg("rect", { ...at, rx: 5, class: "tile-mark" }));
  }
  const seam = seamOf(shown);
  if (isIn(seam, rows))
    nodes.push(svg("line", { x1: 0, x2: end(seam), y1: y(seam), y2: y(seam), class: "tile-seam", "data-row": seam }));
  const isSeen = cursor && isIn(cursor.row, rows) && isIn(cursor.column, columns);
  if (isSeen && document.activeElement === stage) {
    const at = { x: x(cursor.column), y: y(cursor.row), width: wide, height: high };
    nodes.push(svg("rect", { ...at, rx: 4, class: "tile-cursor" }));
  }
  return nodes;
}

/**
 * The row of the chosen token, or its column where the question is what looks at it.
 * @param {Drawn} shown
 */
export function chosenUnits({ rows, columns, run }) {
  const position = positionNow(run);
  return state.attention_direction === "to"
    ? { row: null, column: unitAt(columns, position) }
    : { row: unitAt(rows, position), column: null };
}

/** @param {Drawn} shown */
export function seamOf({ rows, stacks, run }) {
  const written = stacks.row === "target" ? run.target : run.text;
  const first = firstWritten(state.attention_continued, written, tokensOf(run, stacks.row));
  return first < 0 ? -1 : unitAt(rows, first);
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 * @param {number} peak
 */
export function drawTiles(map, shown, peak) {
  const layout = layoutOf(map, shown);
  const place = find(map.place, ".heatmap-tiles", SVGSVGElement);
  const [width, height] = [map.place.clientWidth, Math.ceil(layout.bottom + 4)];
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    place.setAttribute(name, String(value));
  const labels = svg("g", { class: "tile-names" }, labelsOf(layout, chosenUnits(shown)));
  place.replaceChildren(
    svg("g", null, tilesOf(shown, layout, peak)),
    labels,
    svg("g", null, marksOf(map, shown, layout)),
  );
  map.tiles = layout;
}

/**
 * Only the names and the marks.
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
export function markTiles(map, shown) {
  const { tiles } = map;
  if (!tiles) return;
  const place = find(map.place, ".heatmap-tiles", SVGSVGElement);
  const [, names, marks] = place.children;
  names.replaceChildren(...labelsOf(tiles, chosenUnits(shown)));
  marks.replaceChildren(...marksOf(map, shown, tiles));
}
