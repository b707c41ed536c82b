// Where the one tab stop of a list goes.

/** @typedef {"row" | "column" | "both" | "grid"} Orientation which arrow keys move: along a row, a column, or either */

/**
 * The index a key leads to, kept within the list; nothing for a key that does not move.
 * @param {{key: string, index: number, count: number, orientation?: Orientation, perRow?: number, rtl?: boolean}} at
 * @returns {number | undefined}
 */
export function nextIndex({ key, index, count, orientation = "both", perRow = 1, rtl = false }) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const across = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 };
  const along = orientation === "grid" ? perRow : 1;
  const steps = {
    ...(orientation === "column" ? {} : across),
    ...(orientation === "row" ? {} : { ArrowDown: along, ArrowUp: -along }),
  };
  const step = /** @type {Record<string, number>} */ (steps)[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, index + step));
}

/**
 * Where the tab stop stands: at the chosen option, else where it was, else at the first.
 * @param {number} selected
 * @param {number} before
 * @param {number} count
 */
export function firstStop(selected, before, count) {
  if (selected >= 0 && selected < count) return selected;
  return before >= 0 && before < count ? before : 0;
}
