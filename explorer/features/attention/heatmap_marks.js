// Lines over the heatmap: the row and column of the chosen token, the cell walked to, where the model goes on.
import { unitAt } from "./axes.js";

/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {import("./asked.js").Stack} Stack */
/** @typedef {{ rows: Axis, columns: Axis, stacks: { row: Stack, column: Stack } }} Drawn */
/** @typedef {{ row: number, column: number }} Cell */

const MARK = "#e8590c"; // stands out from every shade of the scale
const CURSOR = "#ff2bd6";

/**
 * The row and the column of a token, where the axes show its text.
 * @param {Drawn} drawn
 * @param {import("../../web/store.js").Selected | null} token
 */
export function tokenMarks({ rows, columns, stacks }, token) {
  if (!token) return [];
  const line = { color: MARK, width: 2 };
  const row = unitAt(rows, token.position);
  const column = unitAt(columns, token.position);
  const across = { type: "rect", xref: "paper", x0: 0, x1: 1, y0: row - 0.5, y1: row + 0.5, line };
  const dotted = { ...line, dash: "dot" };
  const down = { type: "rect", yref: "paper", y0: 0, y1: 1, x0: column - 0.5, x1: column + 0.5, line: dotted };
  return [...(token.stack === stacks.row ? [across] : []), ...(token.stack === stacks.column ? [down] : [])];
}

/**
 * A dashed line above the first row that the model wrote.
 * @param {Drawn} drawn
 * @param {number} first  its token, −1 for none
 * @param {string} color
 */
export function seamMark({ rows }, first, color) {
  if (first < 0) return [];
  const y = unitAt(rows, first) - 0.5;
  return [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color, width: 1, dash: "dash" } }];
}

/**
 * @param {Drawn} drawn
 * @param {Cell | null} cursor
 */
export function cursorMark({ rows, columns }, cursor) {
  if (!cursor) return [];
  const x0 = columns.first + cursor.column * columns.step - 0.5;
  const y0 = rows.first + cursor.row * rows.step - 0.5;
  const line = { color: CURSOR, width: 3 };
  return [{ type: "rect", x0, x1: x0 + columns.step, y0, y1: y0 + rows.step, line }];
}
