// One pattern as a heatmap: exact where it fits, in windows that sharpen on zoom where it does not.
import { floats } from "../../web/base64.js";
import { find, onResize, onTheme } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import { set, state, subscribe } from "../../web/store.js";
import { PATTERN_KEYS, patternOf, shownRun, stacksOf } from "./asked.js";
import { windowOf, zoomed } from "./axes.js";
import { draw, mark } from "./heatmap_drawing.js";
import { forgetRead, keyed, listen, offerChanges, readAgain } from "./heatmap_hands.js";
import { savedHeatmap } from "./saved.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */
/** @typedef {ReturnType<typeof patternOf> & { rows?: number[], columns?: number[] }} Question */
/**
 * A picture, its values unpacked, with the run it is of and the question it answers.
 * @typedef {import("../../web/calls.d.ts").HeatmapAnswer & { grid: Float32Array[], run: RunFacts, question: Question,
 *   stacks: ReturnType<typeof stacksOf> }} Drawn
 */
/**
 * @typedef {object} Heatmap
 * @property {HTMLElement} element
 * @property {HTMLElement} stage
 * @property {HTMLElement} place  where it is drawn, as tiles or by Plotly
 * @property {import("../../web/plot.js").Plot} plot
 * @property {import("./tiles_layout.js").Tiles | null} tiles  where the tiles lie, if it is drawn as tiles
 * @property {HTMLElement} readout
 * @property {any} props
 * @property {ReturnType<typeof latest>} ask
 * @property {Drawn | null} shown  what is on screen
 * @property {Drawn | null} whole  the picture of everything, for the colour scale
 * @property {Cell | null} cursor  moved by arrow keys
 * @property {Cell | null} read  the cell whose number stands below
 * @property {Promise<void>} drawing  the drawing under way: one at a time
 * @property {boolean} listening
 */

const AXES_KEYS = ["kind", "attention_words"];
const MARKS = ["token", "attention_direction"];
const WITHOUT_ASKING = [...MARKS, "attention_scale", "attention_continued", "attention_zoom"];

// ---- asking ---------------------------------------------------------------------------------------------------------

/**
 * @param {Heatmap} map
 * @param {RunFacts} run
 * @param {{ rows: number[], columns: number[] } | null} part
 * @returns {Promise<Drawn>}
 */
async function fetchPicture(map, run, part) {
  const question = { ...patternOf(run), ...part };
  const answer = await map.ask("heatmap", question);
  const values = floats(answer.values);
  const width = answer.columns.drawn;
  const grid = Array.from({ length: answer.rows.drawn }, (_row, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
  return { ...answer, grid, run, question, stacks: stacksOf(question.kind) };
}

/**
 * Everything first, for the colours; then, of a long text, the part that is zoomed to.
 * @param {Heatmap} map
 * @param {RunFacts} run
 */
async function load(map, run) {
  status(map.element, _("Computing…"));
  const whole = await fetchPicture(map, run, null);
  const part = windowFor(whole);
  const shown = part ? await fetchPicture(map, run, part) : whole;
  Object.assign(map, { whole, shown });
  readAgain(map);
  await draw(map);
  status(map.element, null);
}

/** @param {Drawn} whole */
function windowFor(whole) {
  return whole.exact
    ? null
    : windowOf(zoomed(state.attention_zoom, whole.rows, whole.columns), whole.rows, whole.columns);
}

/**
 * Another part of the same picture.
 * @param {Heatmap} map
 */
async function sharpen(map) {
  const { whole, shown } = map;
  if (!whole || !shown) return;
  const part = windowFor(whole);
  if (part) map.shown = await fetchPicture(map, shown.run, part);
  else map.shown = whole;
  forgetRead(map);
  await draw(map);
}

/**
 * @param {Heatmap} map
 * @param {string[]} changed
 */
async function update(map, changed) {
  const { name, run } = shownRun(map.props);
  if (!run) return undefined;
  const { shown } = map;
  if (shown && changed.length && changed.every((key) => MARKS.includes(key))) return mark(map);
  if (shown && changed.length && changed.every((key) => WITHOUT_ASKING.includes(key))) {
    return changed.includes("attention_zoom") ? sharpen(map) : draw(map);
  }
  if (shown && [name, ...AXES_KEYS].some((key) => changed.includes(key))) startAnew(map);
  return load(map, run);
}

/**
 * The axes mean something else now: what was zoomed to and pointed at is no longer there.
 * @param {Heatmap} map
 */
function startAnew(map) {
  map.cursor = null;
  forgetRead(map);
  set({ attention_zoom: [] });
}

// ---- the view -------------------------------------------------------------------------------------------------------

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const stage = find(element, ".heatmap-stage");
  /** @type {Heatmap} */
  const map = {
    element,
    stage,
    props,
    place: find(element, ".heatmap-place"),
    plot: find(element, ".heatmap-plot"),
    tiles: null,
    readout: find(element, ".heatmap-readout"),
    ask: latest(element),
    shown: null,
    whole: null,
    cursor: null,
    read: null,
    drawing: Promise.resolve(),
    listening: false,
  };
  const { name } = shownRun(props);
  savable(element, () => map.shown && savedHeatmap(map.shown, [map.place, find(element, ".heatmap-legend")]));
  listen(map);
  offerChanges(map);
  stage.addEventListener("keydown", (event) => keyed(map, event));
  stage.addEventListener("blur", () => mark(map));
  onTheme(element, () => draw(map));
  onResize(element.closest("#attention-picture") ?? stage, () => draw(map));
  subscribe(element, (_state, changed) => update(map, changed), [name, ...WITHOUT_ASKING, ...PATTERN_KEYS]);
}
