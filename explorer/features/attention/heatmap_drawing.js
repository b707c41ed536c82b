// Draws the heatmap, as tiles where the text is short and by Plotly where it is long: everything, or only the marks.
import { gradient } from "../../web/colour.js";
import { find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { state } from "../../web/store.js";
import { notes } from "./heatmap_notes.js";
import { drawPlot, listenToPlot, markPlot } from "./heatmap_plot.js";
import { endsOf } from "./scale.js";
import { areTiles, drawTiles, isWhole, markTiles } from "./tiles.js";

/** @typedef {import("./heatmap.js").Heatmap} Heatmap */
/** @typedef {import("./heatmap.js").Drawn} Drawn */

const WHOLE = 1e-3; // how near to 1 the weights of a row must add up

/** @param {Heatmap} map */
export const peakOf = ({ whole, shown }) => Math.max(whole?.peak ?? 0, shown?.peak ?? 0);

/** @param {Heatmap} map */
export function draw(map) {
  map.drawing = map.drawing.then(async () => {
    const { shown, plot, place, element } = map;
    if (!shown) return;
    const tiles = areTiles(shown);
    find(place, ".heatmap-tiles", SVGSVGElement).toggleAttribute("hidden", !tiles);
    plot.hidden = tiles;
    element.dataset.stairs = String(shown.causal && isWhole(shown));
    describe(map, shown);
    if (tiles) drawTiles(map, shown, peakOf(map));
    else {
      map.tiles = null;
      await drawPlot(map, shown);
      listenToPlot(map);
    }
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  });
  return map.drawing;
}

/**
 * Only what stands over the picture.
 * @param {Heatmap} map
 */
export function mark(map) {
  map.drawing = map.drawing.then(async () => {
    if (!map.shown) return;
    if (map.tiles) markTiles(map, map.shown);
    else await markPlot(map, map.shown);
    map.element.dataset.token = JSON.stringify(state.token);
  });
  return map.drawing;
}

/** @param {Drawn} shown */
function addsUp({ grid, unit, exact, rows, columns }) {
  if (unit !== "share" || !exact || rows.drawn < rows.count || columns.drawn < columns.count) return false;
  return grid.every((row) => Math.abs(row.reduce((sum, value) => sum + (value || 0), 0) - 1) < WHOLE);
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
function describe(map, shown) {
  const { element, props } = map;
  const { name, exact, peak, question, unit } = shown;
  const [low, high] = endsOf(peakOf(map), state.attention_scale, unit);
  find(element, ".heatmap-low").textContent = low;
  find(element, ".heatmap-high").textContent = high;
  find(element, ".heatmap-bar").style.background = gradient();
  find(element, ".heatmap-sum").textContent = addsUp(shown) ? _("each row adds up to 100 %") : "";
  const about = { meaning: props.meanings[question.reading], leftOut: question.left_out !== "nothing" };
  const sentences = notes(shown, about);
  find(element, ".heatmap-note").textContent = sentences.join(" ");
  find(element, ".heatmap-about").hidden = !sentences.length;
  Object.assign(element.dataset, { name, exact: String(exact), peak: String(peak) });
}
