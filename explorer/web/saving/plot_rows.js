// The numbers of a figure as rows: what Plotly was given is what was measured.

/** @typedef {import("./offer.js").Row} Row */

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
const points = ({ name, x: across, y: upwards }, { x, y }) =>
  Array.from(upwards ?? [], (value, place) => ({
    ...(name ? { series: name } : {}),
    [x]: plain(across?.[place] ?? place),
    [y]: plain(value),
  }));

/**
 * @param {Record<string, any>} part
 * @param {{ x: string, y: string }} names
 * @returns {Row[]}
 */
const cells = ({ z, x: across, y: down }, { x, y }) =>
  Array.from(z, (/** @type {ArrayLike<number>} */ line, row) =>
    Array.from(line, (value, column) => ({
      [y]: plain(down?.[row] ?? row),
      [x]: plain(across?.[column] ?? column),
      value: plain(value),
    })),
  ).flat();
