// Numbers as files: CSV that spreadsheets and pandas open, and JSON.

/** @typedef {import("./offer.js").Row} Row */

const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/**
 * One cell, by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front.
 * @param {Row[string] | undefined} value
 */
export function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The columns of all rows, in the order in which they first appear.
 * @param {readonly Row[]} rows
 */
export const columnsOf = (rows) => [...new Set(rows.flatMap(Object.keys))];

/** @param {readonly Row[]} rows */
export function csv(rows) {
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(","));
  return `${[columns.map(cell).join(","), ...lines].join("\r\n")}\r\n`;
}
