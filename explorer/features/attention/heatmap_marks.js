// Lines over a figure of Plotly: the chosen row or column, the cell walked to, where the model goes on.

/** @typedef {import("./axes.js").Axis} Axis */
/** @typedef {{ row: number, column: number }} Cell */

/**
 * @param {{ row: number | null, column: number | null }} chosen  units
 * @param {string} color
 */
export function tokenMark({ row, column }, color) {
  const line = { color, width: 2 };
  if (row !== null) return [{ type: "rect", xref: "paper", x0: 0, x1: 1, y0: row - 0.5, y1: row + 0.5, line }];
  if (column === null) return [];
  return [{ type: "rect", yref: "paper", y0: 0, y1: 1, x0: column - 0.5, x1: column + 0.5, line }];
}

/**
 * A dashed line above the first row that the model wrote.
 * @param {number} unit  its row, −1 for none
 * @param {string} color
 */
export function seamMark(unit, color) {
  if (unit < 0) return [];
  const y = unit - 0.5;
  return [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color, width: 1, dash: "dash" } }];
}

/**
 * @param {{ rows: Axis, columns: Axis }} drawn
 * @param {Cell | null} cursor
 * @param {string} color
 */
export function cursorMark({ rows, columns }, cursor, color) {
  if (!cursor) return [];
  const x0 = columns.first + cursor.column * columns.step - 0.5;
  const y0 = rows.first + cursor.row * rows.step - 0.5;
  const line = { color, width: 4 };
  return [{ type: "rect", x0, x1: x0 + columns.step, y0, y1: y0 + rows.step, line }];
}
