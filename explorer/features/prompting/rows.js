// The table of examples as rows of two texts, whatever a link says it is.

/** @typedef {[input: string, output: string]} Row */

export const MAX_ROWS = 20;

/** @param {unknown} value */
const textOf = (value) => (typeof value === "string" ? value : "");

/**
 * @param {unknown} value
 * @returns {Row[]}
 */
export function rowsOf(value) {
  const rows = Array.isArray(value) ? value.slice(0, MAX_ROWS) : [];
  return rows.map((row) => (Array.isArray(row) ? [textOf(row[0]), textOf(row[1])] : ["", ""]));
}

/**
 * The rows with another text in one cell.
 * @param {readonly Row[]} rows
 * @param {number} index
 * @param {0 | 1} column
 * @param {string} text
 * @returns {Row[]}
 */
export const withCell = (rows, index, column, text) =>
  rows.map(([input, output], at) => {
    if (at !== index) return [input, output];
    return column === 0 ? [text, output] : [input, text];
  });
