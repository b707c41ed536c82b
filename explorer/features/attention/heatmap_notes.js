// What has to be known to read a heatmap that is not simply one head's weights.
import { _ } from "../../web/language.js";

/**
 * @param {import("../../web/calls.d.ts").HeatmapAnswer} shown
 * @param {{ meaning?: string, leftOut: boolean }} about
 */
export function notes({ exact, peak, rows, columns, unit }, { meaning, leftOut }) {
  const rescaled = _("Some keys are left out and each row is divided by what remains.");
  const cells = { rows: rows.step, columns: columns.step };
  return [
    meaning,
    !exact && _("Each cell is the largest of {rows} × {columns}; zoom in for exact weights.", cells),
    leftOut && (unit === "norm" ? _("Some keys are left out.") : rescaled),
    peak === 0 && _("Nothing to draw: everything is left out."),
  ].filter((sentence) => typeof sentence === "string");
}
