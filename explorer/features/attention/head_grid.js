// Every head of the model at a glance: one small canvas each, in place or ordered by a measured score.
import { bytes } from "../../web/base64.js";
import { changesHere } from "../../web/change_here.js";
import { closest, listbox, onResize } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { nameChoices } from "../../web/setting_names.js";
import { status } from "../../web/status.js";
import { set, state, subscribe } from "../../web/store.js";
import { ofHead, ofPart } from "../../web/suggested_changes.js";
import { chosenHeads, shapeOf, shownRun } from "./asked.js";
import { cellNodes, paint } from "./grid_cells.js";
import { chosenScore, describeCells, fit, headOf, partsOf, showCells, shownCells, showPills } from "./grid_shown.js";
import { showTags } from "./grid_tags.js";
import { orderOf, ranked, valuesOf } from "./head_scores.js";
import { headsText, toggled } from "./heads.js";
import { keepScores } from "./measured.js";
import { savedGrid } from "./saved.js";

/** @typedef {import("../../web/calls.d.ts").Controls} Controls */
/** @typedef {import("./heads.js").Head} Head */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").OverviewAnswer} OverviewAnswer */
/**
 * @typedef {object} Grid
 * @property {HTMLElement} element
 * @property {any} props
 * @property {ReturnType<typeof partsOf>} parts
 * @property {ReturnType<typeof latest>} ask
 * @property {RunFacts | null} run
 * @property {import("./grid_cells.js").Shape} shape
 * @property {(OverviewAnswer["scores"][number] | null)[]} scores  of each layer that has been read
 * @property {HTMLElement[]} cells  by layer and head
 * @property {ReturnType<typeof listbox> | null} list
 */

const CHUNK_CELLS = 160; // heads asked for at once: a small model whole, a large one a few layers at a time,
const LONG_TEXT = 256; // and of a long text one layer at a time, because each takes a moment
const WHAT_IS_SHOWN = ["kind", "attention_left_out", "theme"];
const ARRANGEMENT = ["attention_score", "attention_order", "attention_minimum"];

// ---- asking ---------------------------------------------------------------------------------------------------------

/** @param {Grid} grid */
async function measureInduction(grid) {
  if (!grid.run || grid.scores.every((layer) => layer && "induction" in layer)) return;
  status(grid.element, _("Measuring induction on a repeated random sequence…"));
  const { name } = shownRun(grid.props);
  const answer = await grid.ask("induction", { run: name, kind: state.kind });
  status(grid.element, null);
  for (const [layer, values] of answer.scores.entries()) Object.assign(grid.scores[layer] ?? {}, { induction: values });
  keepScores(name, grid.scores);
}

/** @param {Grid} grid */
async function showScore(grid) {
  if (chosenScore(grid)?.key === "induction") await measureInduction(grid);
  showPills(grid);
  showCells(grid);
  Object.assign(grid.element.dataset, { score: chosenScore(grid)?.key ?? "", order: state.attention_order });
}

/**
 * @param {Grid} grid
 * @param {RunFacts} run
 */
async function load(grid, run) {
  const { layers, heads, heads_by_layer } = shapeOf(run);
  const isOther = JSON.stringify(heads_by_layer) !== JSON.stringify(grid.shape.heads_by_layer);
  Object.assign(grid, {
    run,
    shape: { layers, heads, heads_by_layer },
    scores: Array.from({ length: layers }, () => null),
  });
  grid.element.dataset.painted = "";
  if (
    isOther ||
    grid.cells.length !== layers * heads ||
    grid.cells.some((cell, place) => headOf(cell)[1] !== place % heads)
  ) {
    grid.cells = cellNodes(grid.shape);
  }
  keepScores(shownRun(grid.props).name, grid.scores);
  showPills(grid);
  showCells(grid);
  await loadLayers(grid, run);
  await showScore(grid);
  await showTags(grid);
  grid.element.dataset.painted = String(layers * heads);
}

/**
 * @param {Grid} grid
 * @param {RunFacts} run
 */
async function loadLayers(grid, run) {
  const { layers, heads } = grid.shape;
  const { name } = shownRun(grid.props);
  const step = run.tokens.length > LONG_TEXT ? 1 : Math.max(1, Math.floor(CHUNK_CELLS / heads));
  for (let first = 0; first < layers; first += step) {
    const progress = { layer: String(first), layers };
    if (layers > step) status(grid.element, _("Layer {layer} of {layers}…", progress));
    const part = { first, last: Math.min(layers, first + step) };
    const pattern = { kind: state.kind, left_out: state.attention_left_out };
    take(grid, await grid.ask("overview", { run: name, ...pattern, ...part }));
  }
  status(grid.element, null);
}

/**
 * @param {Grid} grid
 * @param {OverviewAnswer} answer
 */
function take(grid, answer) {
  const all = bytes(answer.cells);
  const size = answer.rows * answer.columns;
  const start = answer.first * answer.heads;
  answer.scores.forEach((scores, place) => {
    grid.scores[answer.first + place] = scores;
  });
  for (let place = 0; place < answer.scores.length * answer.heads; place += 1) {
    paint(grid.cells[start + place], all.subarray(place * size, (place + 1) * size), answer);
  }
  const rows = { some: answer.sampled ?? 0, all: answer.queries };
  grid.parts.note.textContent = answer.sampled
    ? _("Long text: cells and scores are measured on {some} of {all} rows, in runs spread evenly.", rows)
    : "";
  describeCells(grid, grid.cells.slice(start, start + answer.scores.length * answer.heads));
  keepScores(shownRun(grid.props).name, grid.scores);
}

/**
 * @param {Grid} grid
 * @param {string[]} changed
 */
function update(grid, changed) {
  const { name, run } = shownRun(grid.props);
  if (!run) return undefined;
  if (!grid.run || !changed.length || [name, ...WHAT_IS_SHOWN].some((key) => changed.includes(key))) {
    return load(grid, run);
  }
  if (ARRANGEMENT.some((key) => changed.includes(key))) return showScore(grid);
  if (changed.includes("attention_chosen")) describeCells(grid);
  grid.list?.update();
  return undefined;
}

// ---- hands ----------------------------------------------------------------------------------------------------------

/**
 * @param {Grid} grid
 * @param {Head} head
 * @param {Event} event
 */
function pick({ run }, head, event) {
  const withKey = event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey);
  const withSpace = event instanceof KeyboardEvent && event.key === " ";
  if (!withKey && !withSpace) set({ layer: head[0], head: head[1] });
  else if (run) set({ attention_chosen: headsText(toggled(chosenHeads(run), head)) });
}

/**
 * Orders the heads by a measure and takes the first. Where a text repeats nothing, copying is measured on random words.
 * @param {Grid} grid
 * @param {string} wanted
 */
async function orderBy(grid, wanted) {
  const { scores, shape } = grid;
  const isEmpty = valuesOf(scores, shape, wanted).every((value) => value === null);
  const key = /** @type {Controls["attention_score"]} */ (wanted === "copies" && isEmpty ? "induction" : wanted);
  const order = orderOf(key);
  if (key === "induction") await measureInduction(grid);
  const [first] = ranked(valuesOf(scores, shape, key), order);
  const head = key ? { layer: Math.floor(first / shape.heads), head: first % shape.heads } : {};
  set({ attention_score: key, attention_order: order, attention_minimum: 0, ...head });
}

/**
 * How the head under an event can be changed.
 * @param {Event} event
 */
function offerAt(event) {
  const cell = closest(event, ".grid-cell");
  if (!cell || cell.classList.contains("is-absent")) return null;
  const [layer, head] = headOf(cell);
  const which = { kind: state.kind, layer, head };
  const whole = ofPart({ ...which, part: "attention" }).slice(0, 1);
  return { title: _("Head {head}", { head: `${layer}·${head}` }), changes: [...ofHead(which), ...whole] };
}

/** @param {Grid} grid */
function listen(grid) {
  const { parts } = grid;
  if (shownRun(grid.props).name === "main") changesHere(parts.cells, offerAt);
  for (const pill of parts.pills) pill.addEventListener("click", () => orderBy(grid, pill.dataset.measure ?? ""));
  parts.score.addEventListener("change", () => orderBy(grid, parts.score.value));
  onResize(parts.frame, () => fit(grid));
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  /** @type {Grid} */
  const grid = {
    element,
    props,
    parts: partsOf(element),
    ask: latest(element),
    run: null,
    shape: { layers: 0, heads: 0 },
    scores: [],
    cells: [],
    list: null,
  };
  grid.list = listbox(grid.parts.cells, {
    items: () => shownCells(grid),
    selected: () => shownCells(grid).indexOf(grid.cells[state.layer * grid.shape.heads + state.head]),
    onSelect: (index, event) => pick(grid, headOf(shownCells(grid)[index]), event),
    orientation: "grid",
  });
  listen(grid);
  const scores = /** @type {{ key: string, title: string }[]} */ (grid.props.scores);
  nameChoices(
    "attention_score",
    scores.map(({ key, title }) => [key, title]),
  );
  savable(element, () => savedGrid(grid, [grid.parts.cells]));
  const keys = [shownRun(props).name, "layer", "head", "attention_chosen", ...WHAT_IS_SHOWN, ...ARRANGEMENT];
  subscribe(element, (_state, changed) => update(grid, changed), keys);
}
