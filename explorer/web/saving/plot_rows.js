// The numbers of a figure as rows: what Plotly was given is what was measured.
import { bytes } from "../base64.js";

/** @typedef {import("./offer.js").Row} Row */

/** How Plotly's Python side packs its arrays. */
const KINDS = { i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array,
  f4: Float32Array, f8: Float64Array }; // biome-ignore format: two lines

/**
 * An array of a figure as a list, one of two dimensions as a list of its rows.
 * @param {any} values
 * @returns {any[]}
 */
export function listed(values) {
  if (!values?.bdata) return Array.from(values ?? []);
  const kind = KINDS[/** @type {keyof typeof KINDS} */ (values.dtype)];
  const flat = Array.from(new kind(bytes(values.bdata).buffer));
  const [rows, columns] = String(values.shape ?? "")
    .split(",")
    .map(Number);
  if (!columns) return flat;
  return Array.from({ length: rows }, (_row, row) => flat.slice(row * columns, (row + 1) * columns));
}

/**
 * @param {unknown} value
 * @returns {Row[string]}
 */
const plain = (value) => (typeof value === "number" || typeof value === "string" ? value : null);

/**
 * A line gives a row for each of its points, a heatmap one for each of its cells.
 * @param {{ data: Record<string, any>[] }} figure
 * @param {{ x: string, y: string }} names  what the axes are called
 * @returns {Row[]}
 */
export const figureRows = ({ data }, names) =>
  data.flatMap((part) => (part.type === "heatmap" ? cells(part, names) : points(part, names)));

/**
 * @param {Record<string, any>} part
 * @param {{ x: string, y: string }} names
 * @returns {Row[]}
 */
function points({ name, x: across, y: upwards }, { x, y }) {
  const places = listed(across);
  return listed(upwards).map((value, place) => ({
    ...(name ? { series: name } : {}),
    [x]: plain(places[place] ?? place),
    [y]: plain(value),
  }));
}

/**
 * @param {Record<string, any>} part
 * @param {{ x: string, y: string }} names
 * @returns {Row[]}
 */
function cells({ z, x: across, y: down }, { x, y }) {
  const [columns, rows] = [listed(across), listed(down)];
  return listed(z).flatMap((line, row) =>
    line.map((/** @type {number} */ value, /** @type {number} */ column) => ({
      [y]: plain(rows[row] ?? row),
      [x]: plain(columns[column] ?? column),
      value: plain(value),
    })),
  );
}
