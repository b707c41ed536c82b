// Draws the heatmap with Plotly: everything, or only the lines over it.
import { cssVariable } from "../../web/colour.js";
import { find } from "../../web/dom.js";
import { plotly, themed } from "../../web/plot.js";
import { state } from "../../web/store.js";
import { tokensOf } from "./asked.js";
import { zoomed } from "./axes.js";
import { firstWritten } from "./continued.js";
import { layoutOf, notes, traceOf } from "./heatmap_figure.js";
import { cursorMark, seamMark, tokenMarks } from "./heatmap_marks.js";

/** @typedef {import("./heatmap.js").Heatmap} Heatmap */
/** @typedef {import("./heatmap.js").Drawn} Drawn */

const OPTIONS = { displaylogo: false, displayModeBar: false, responsive: false, doubleClick: false };

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
export function figureOf({ plot, whole }, shown) {
  const peak = Math.max(whole?.peak ?? 0, shown.peak);
  const tokens = { row: tokensOf(shown.run, shown.stacks.row), column: tokensOf(shown.run, shown.stacks.column) };
  const zoom = zoomed(state.attention_zoom, shown.rows, shown.columns);
  return {
    trace: traceOf(shown, peak, state.attention_scale === "log"),
    layout: layoutOf(shown, tokens, zoom, plot.clientWidth || 480),
  };
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
function shapesOf({ stage, cursor }, shown) {
  const { run, stacks } = shown;
  const written = stacks.row === "target" ? run.target : run.text;
  const first = firstWritten(state.attention_continued, written, tokensOf(run, stacks.row));
  return [
    ...seamMark(shown, first, cssVariable("--body-text-color")),
    ...tokenMarks(shown, state.token),
    ...cursorMark(shown, document.activeElement === stage ? cursor : null),
  ];
}

/** @param {Heatmap} map */
export function draw(map) {
  map.drawing = map.drawing.then(async () => {
    const { shown, plot, element } = map;
    if (!shown) return;
    const library = await plotly();
    const { trace, layout } = figureOf(map, shown);
    await library.react(plot, [trace], themed({ ...layout, shapes: shapesOf(map, shown) }, cssVariable), OPTIONS);
    describe(map, shown);
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  });
  return map.drawing;
}

/**
 * Only the lines over the picture.
 * @param {Heatmap} map
 */
export function mark(map) {
  map.drawing = map.drawing.then(async () => {
    if (!map.shown) return;
    const library = await plotly();
    await library.relayout(map.plot, { shapes: shapesOf(map, map.shown) });
    map.element.dataset.token = JSON.stringify(state.token);
  });
  return map.drawing;
}

/**
 * @param {Heatmap} map
 * @param {Drawn} shown
 */
function describe({ element, props }, shown) {
  const { name, exact, peak, question } = shown;
  find(element, ".heatmap-title").textContent = name[0].toUpperCase() + name.slice(1);
  const about = { meaning: props.meanings[question.reading], leftOut: question.left_out !== "nothing" };
  find(element, ".heatmap-note").textContent = notes(shown, about).join(" ");
  Object.assign(element.dataset, { name, exact: String(exact), peak: String(peak) });
}
