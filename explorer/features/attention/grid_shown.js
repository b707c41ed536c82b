// What the head grid shows of the scores: its menus, the order of its cells, what each cell says.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { state } from "../../web/store.js";
import { chosenHeads } from "./asked.js";
import { arrange } from "./grid_cells.js";
import { isBelow, largest, ranked, scoreText } from "./head_scores.js";
import { hasHead } from "./heads.js";

/** @typedef {import("./head_grid.js").Grid} Grid */
/** @typedef {import("./head_scores.js").Score} Score */
/** @typedef {import("./heads.js").Head} Head */

/** @param {HTMLElement} element */
export const partsOf = (element) => ({
  cells: find(element, ".grid-cells"),
  score: find(element, ".grid-score", HTMLSelectElement),
  order: find(element, ".grid-order", HTMLSelectElement),
  least: find(element, ".grid-least"),
  minimum: find(element, ".grid-minimum", HTMLInputElement),
  minimumValue: find(element, ".grid-minimum-value"),
  meaning: find(element, ".grid-meaning"),
  note: find(element, ".grid-note"),
});

/**
 * The scores that make sense for the kind of attention that is shown.
 * @param {Grid} grid
 * @returns {Score[]}
 */
const offered = ({ props }) => props.scores.filter((/** @type {Score} */ one) => state.kind !== "cross" || one.across);

/** @param {Grid} grid */
export const chosenScore = (grid) => offered(grid).find((score) => score.key === state.attention_score) ?? null;

/**
 * One score of every head, by layer and head.
 * @param {Grid} grid
 * @param {Score | null} score
 */
function valuesOf({ scores, shape }, score) {
  const layers = Array.from({ length: shape.layers }, (_layer, layer) => layer);
  const heads = Array.from({ length: shape.heads }, (_head, head) => head);
  return layers.flatMap((layer) => heads.map((head) => (score && scores[layer]?.[score.key]?.[head]) ?? null));
}

/**
 * @param {Grid} grid
 * @param {Score | null} score
 */
export function showMenus(grid, score) {
  const { parts } = grid;
  const options = [{ key: "", title: _("none") }, ...offered(grid)];
  parts.score.replaceChildren(...options.map(({ key, title }) => h("option", { value: key }, title)));
  parts.score.value = score?.key ?? "";
  parts.order.value = state.attention_order;
  parts.order.disabled = !score;
  const top = largest(valuesOf(grid, score));
  parts.least.hidden = top === null;
  parts.minimum.max = String(top ?? 1);
  parts.minimum.value = String(state.attention_minimum);
  parts.minimumValue.textContent = score ? scoreText(state.attention_minimum, score.key) : "";
  parts.meaning.textContent = score
    ? `${score.definition} (${score.source})`
    : _("Bright = much attention, each cell scaled to its own largest weight. Choose a score to sort the heads by.");
}

/**
 * @param {Grid} grid
 * @param {Score | null} score
 */
export function showCells(grid, score) {
  const values = valuesOf(grid, score);
  const order = score ? state.attention_order : "place";
  grid.cells.forEach((cell, place) => {
    cell.hidden = score !== null && isBelow(values[place], state.attention_minimum);
  });
  const cells = ranked(values, order).map((place) => grid.cells[place]);
  arrange(grid.parts.cells, cells, grid.shape, order !== "place");
  describeCells(grid);
  grid.list?.update();
}

/**
 * Says in each cell what is known of its head.
 * @param {Grid} grid
 * @param {readonly HTMLElement[]} [cells]
 */
export function describeCells(grid, cells = grid.cells) {
  const score = chosenScore(grid);
  const chosen = grid.run ? chosenHeads(grid.run) : [];
  for (const cell of cells) describe(grid, cell, score, hasHead(chosen, headOf(cell)));
}

/** @type {(grid: Grid, cell: HTMLElement, score: Score | null, isChosen: boolean) => void} */
function describe(grid, cell, score, isChosen) {
  const [layer, head] = headOf(cell);
  const name = _("layer {layer}, head {head}", { layer: String(layer), head: String(head) });
  /** @param {Score} one */
  const scoreOf = (one) => grid.scores[layer]?.[one.key]?.[head] ?? null;
  const text = score ? scoreText(scoreOf(score), score.key) : "";
  const isRanked = score && state.attention_order !== "place";
  find(cell, ".grid-caption").textContent = isRanked ? `${layer}·${head} ${text}` : "";
  const known = offered(grid).filter((one) => scoreOf(one) !== null);
  cell.title = [name, ...known.map((one) => `${one.title}: ${scoreText(scoreOf(one), one.key)}`)].join("\n");
  const spoken = [name, ...(score ? [`${score.title} ${text}`] : []), ...(isChosen ? [_("chosen")] : [])];
  cell.setAttribute("aria-label", spoken.join(", "));
  cell.dataset.chosen = String(isChosen);
}

/**
 * @param {HTMLElement} cell
 * @returns {Head}
 */
export const headOf = (cell) => [Number(cell.dataset.layer), Number(cell.dataset.head)];

/** @param {Grid} grid */
export const shownCells = ({ parts }) =>
  [...parts.cells.querySelectorAll(".grid-cell")]
    .filter((cell) => cell instanceof HTMLElement && !cell.hidden)
    .map((cell) => /** @type {HTMLElement} */ (cell));
