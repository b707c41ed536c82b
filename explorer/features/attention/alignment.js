// Cross attention as lines from target to source; the chosen target word alone when there is one.
import { floats } from "../../web/base64.js";
import { find, h, listbox, onResize, svg } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { fitted, set, state, subscribe } from "../../web/store.js";
import { linesOf, ROW_PIXELS } from "./alignment_lines.js";
import { PATTERN_KEYS, patternOf, shownRun } from "./asked.js";
import { nameOf, positionOf, unitAt } from "./axes.js";
import { savedAlignment } from "./saved.js";
import { largestUnits, weightText } from "./shading.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").HeatmapAnswer} HeatmapAnswer */
/** @typedef {HeatmapAnswer & { targets: string[], sources: string[], grid: Float32Array[] }} Shown */
/**
 * @typedef {object} Alignment
 * @property {HTMLElement} element
 * @property {any} props
 * @property {HTMLElement} part
 * @property {SVGSVGElement} lines
 * @property {HTMLElement} readout
 * @property {HTMLElement} targets
 * @property {HTMLElement} sources
 * @property {ReturnType<typeof latest>} ask
 * @property {ReturnType<typeof listbox> | null} list
 * @property {Shown | null} shown
 */

/**
 * @param {HeatmapAnswer} answer
 * @param {RunFacts} run
 * @returns {Shown}
 */
function unpacked(answer, run) {
  /** @type {(axis: HeatmapAnswer["rows"], tokens: RunFacts["tokens"]) => string[]} */
  const names = (axis, tokens) =>
    Array.from({ length: axis.count }, (_name, unit) => nameOf(axis, tokens, unit, unit + 1));
  const values = floats(answer.values);
  const width = answer.columns.count;
  return {
    ...answer,
    targets: names(answer.rows, run.target_tokens),
    sources: names(answer.columns, run.tokens),
    grid: Array.from({ length: answer.rows.count }, (_row, row) => values.subarray(row * width, (row + 1) * width)),
  };
}

/** @param {Shown} shown */
const chosenUnit = ({ rows }) => (state.token?.stack === "target" ? unitAt(rows, state.token.position) : null);

/** @param {string} name */
const word = (name) => h("div", { class: "align-word", dir: "auto" }, name);

/**
 * @param {Alignment} view
 * @param {Shown} shown
 */
function draw({ element, lines, readout, list }, shown) {
  const chosen = chosenUnit(shown);
  const drawn = linesOf(shown.grid, { chosen, peak: shown.peak, width: lines.clientWidth || 200 });
  lines.setAttribute("height", String(Math.max(shown.rows.count, shown.columns.count) * ROW_PIXELS));
  lines.replaceChildren(...drawn.map((line) => svg("line", line)));
  list?.update();
  readout.textContent = described(shown, chosen);
  element.dataset.lines = String(drawn.length);
}

/**
 * @param {Shown} shown
 * @param {number | null} chosen
 */
function described({ grid, targets, sources, unit }, chosen) {
  if (chosen === null) return _("Choose a target word to see its lines alone.");
  const row = grid[chosen];
  const best = largestUnits(row).map((place) => `“${sources[place]}” ${weightText(row[place], unit)}`);
  return `“${targets[chosen]}” → ${best.join(", ")}`;
}

/**
 * @param {Alignment} view
 * @param {string[]} changed
 */
async function update(view, changed) {
  const { run } = shownRun(view.props);
  const offered = run !== null && fitted(run, state).kind === "cross";
  view.part.hidden = !offered;
  if (!run || !offered) return;
  if (view.shown && changed.length && changed.every((key) => key === "token")) {
    draw(view, view.shown);
    return;
  }
  const answer = await view.ask("heatmap", patternOf(run));
  view.part.hidden = !answer.exact;
  if (!answer.exact) return;
  view.shown = unpacked(answer, run);
  view.targets.replaceChildren(...view.shown.targets.map(word));
  view.sources.replaceChildren(...view.shown.sources.map(word));
  for (const node of view.sources.children) node.setAttribute("role", "listitem");
  draw(view, view.shown);
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  /** @type {Alignment} */
  const view = {
    element,
    props,
    part: find(element, ".align-part"),
    lines: find(element, ".align-lines", SVGSVGElement),
    readout: find(element, ".align-readout"),
    targets: find(element, '[data-side="target"]'),
    sources: find(element, '[data-side="source"]'),
    ask: latest(element),
    list: null,
    shown: null,
  };
  view.list = listbox(view.targets, {
    items: () => /** @type {HTMLElement[]} */ ([...view.targets.children]),
    selected: () => (view.shown ? (chosenUnit(view.shown) ?? -1) : -1),
    onSelect: (unit) => {
      if (view.shown) set({ token: { stack: "target", position: positionOf(view.shown.rows, unit) } });
    },
    orientation: "column",
  });
  savable(element, () => {
    const { run } = shownRun(props);
    if (!run || !view.shown || view.part.hidden) return null;
    return savedAlignment(view.shown, run, [find(element, ".align-columns")]);
  });
  onResize(view.part, () => {
    if (view.shown && !view.part.hidden) draw(view, view.shown);
  });
  subscribe(element, (_state, changed) => update(view, changed), [shownRun(props).name, "token", ...PATTERN_KEYS]);
}
