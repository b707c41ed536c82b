// What the head grid shows of the scores: its pills, the order of its cells, what each cell says.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { state } from "../../web/store.js";
import { chosenHeads } from "./asked.js";
import { arrange, resize } from "./grid_cells.js";
import { isBelow, offered, ranked, scoreText, valuesOf } from "./head_scores.js";
import { hasHead } from "./heads.js";

/** @typedef {import("./head_grid.js").Grid} Grid */
/** @typedef {import("./head_scores.js").Score} Score */
/** @typedef {import("./heads.js").Head} Head */

const NARROW = 760; // pixels, as in the style sheets: a page that scrolls
const PILLS = ["", "copies", "previous", "entropy"]; // measures with a pill of their own

/** @param {HTMLElement} element */
export const partsOf = (element) => ({
  cells: find(element, ".grid-cells"),
  frame: find(element, ".grid-frame"),
  pills: /** @type {HTMLButtonElement[]} */ ([...element.querySelectorAll("[data-measure]")]),
  score: find(element, ".grid-score", HTMLSelectElement),
  note: find(element, ".grid-note"),
});

/** @param {Grid} grid @returns {Score | null} */
export const chosenScore = ({ props }) =>
  offered(props.scores, state.kind).find((score) => score.key === state.attention_score) ?? null;

/** @param {Grid} grid */
export function showPills(grid) {
  const { parts, props } = grid;
  const all = offered(props.scores, state.kind);
  const score = chosenScore(grid);
  const isPlace = !score || state.attention_order === "place";
  for (const pill of parts.pills) {
    const { measure = "" } = pill.dataset;
    pill.hidden = measure !== "" && !all.some(({ key }) => key === measure);
    pill.setAttribute("aria-pressed", String(measure === "" ? isPlace : !isPlace && measure === score?.key));
  }
  const more = all.filter(({ key }) => !PILLS.includes(key));
  const options = [{ key: "", title: _("more…") }, ...more];
  parts.score.replaceChildren(...options.map(({ key, title }) => h("option", { value: key }, title)));
  parts.score.value = !isPlace && score && !PILLS.includes(score.key) ? score.key : "";
  parts.score.classList.toggle("is-pressed", parts.score.value !== "");
}

/** @param {Grid} grid */
export function showCells(grid) {
  const score = chosenScore(grid);
  const values = valuesOf(grid.scores, grid.shape, score?.key ?? "");
  const order = score ? state.attention_order : "place";
  grid.cells.forEach((cell, place) => {
    cell.hidden = score !== null && isBelow(values[place], state.attention_minimum);
  });
  const cells = ranked(values, order).map((place) => grid.cells[place]);
  arrange(grid.parts.cells, cells, grid.shape, order !== "place");
  fit(grid);
  describeCells(grid);
  grid.list?.update();
}

/** @param {Grid} grid */
export function fit({ parts, shape }) {
  if (!shape.heads) return;
  const { clientWidth, clientHeight } = parts.frame;
  const height = window.innerWidth > NARROW ? clientHeight : Number.POSITIVE_INFINITY;
  const labels = [...parts.cells.querySelectorAll(".is-layer")];
  const edge = Math.max(0, ...labels.map((label) => label.scrollWidth)) + 12;
  resize(parts.cells, shape, { width: clientWidth, height, edge });
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
  if (isAbsent(cell)) {
    const values = { layer: String(layer), head: String(head) };
    cell.title = grid.shape.heads_by_layer?.[layer]
      ? _("Layer {layer} has no head {head}.", values)
      : _("Block {layer} does not attend: it mixes the words in another way.", values);
    return;
  }
  const name = _("layer {layer}, head {head}", { layer: String(layer), head: String(head) });
  /** @param {Score} one */
  const scoreOf = (one) => grid.scores[layer]?.[one.key]?.[head] ?? null;
  const text = score ? scoreText(scoreOf(score), score.key) : "";
  const isRanked = score && state.attention_order !== "place";
  find(cell, ".grid-caption").textContent = isRanked ? `${layer}·${head} ${text}` : "";
  const known = offered(grid.props.scores, state.kind).filter((one) => scoreOf(one) !== null);
  cell.title = [name, ...known.map((one) => `${one.title}: ${scoreText(scoreOf(one), one.key)}`)].join("\n");
  const spoken = [name, ...(score ? [`${score.title} ${text}`] : []), ...(isChosen ? [_("chosen")] : [])];
  cell.setAttribute("aria-label", spoken.join(", "));
  cell.dataset.chosen = String(isChosen);
}

/**
 * Whether a cell stands for a head that its layer does not have.
 * @param {Element} cell
 */
const isAbsent = (cell) => cell.classList.contains("is-absent");

/**
 * @param {HTMLElement} cell
 * @returns {Head}
 */
export const headOf = (cell) => [Number(cell.dataset.layer), Number(cell.dataset.head)];

/** @param {Grid} grid */
export const shownCells = ({ parts }) =>
  [...parts.cells.querySelectorAll(".grid-cell")]
    .filter((cell) => cell instanceof HTMLElement && !cell.hidden && !isAbsent(cell))
    .map((cell) => /** @type {HTMLElement} */ (cell));
