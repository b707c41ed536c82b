// Sweeps: which activation carries the answer from one text into the run of another, three pictures that fill.
import { everywhere } from "../../web/changes.js";
import { diverging } from "../../web/colour.js";
import { find, h, onResize, onTheme } from "../../web/dom.js";
import { headline, said } from "../../web/headline.js";
import { _, number } from "../../web/language.js";
import { active } from "../../web/runs.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import { legend } from "../../web/steps.js";
import { runOf, same, set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { changesOf, make } from "./sweep_change.js";
import { createForm, NOTHING, textsOf } from "./sweep_form.js";
import { bestCell, cellAt, drawPanel, emptyPanel, markCells, paintCell, placeOf } from "./sweep_grid.js";
import { saved } from "./sweep_saved.js";
import {
  cellSentence,
  directionNames,
  endsSentence,
  headlineSentence,
  metricNames,
  ofNames,
  placeName,
  shownText,
} from "./sweep_words.js";

/** @typedef {import("../../web/calls.d.ts").PairAnswer} PairAnswer */
/** @typedef {import("../../web/calls.d.ts").SweepExample} SweepExample */
/** @typedef {import("../../web/calls.d.ts").SweepMessage} SweepMessage */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/store.js").Change} Change */
/** @typedef {import("./sweep_form.js").Texts} Texts */
/** @typedef {import("./sweep_grid.js").Panel} Panel */
/** @typedef {import("./sweep_grid.js").Place} Place */
/** @typedef {{ model: string, texts: Texts, of: typeof state.sweep_of, metric: typeof state.sweep_metric,
 *   changes: Change[], pair: PairAnswer | null, panels: Panel[], done: boolean }} Scene */

const MOST = 2; // of the way, that the colours tell apart; more is clipped
const DECIDING = ["sweep_of", "sweep_metric", "sweep_text", "sweep_other", "sweep_target", "sweep_token"];
const STARTS = ["main", ...DECIDING, "sweep_against", "sweep_estimate"];

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const root = find(element, ".sweep-panels");
  const detail = find(element, ".sweep-detail");
  const ask = latest(element);
  const form = createForm(element, () => restart());
  const tools = streamTools(element, "sweep_panels", { onMessage: receive, onEnd: ends, onIdle: rest });
  const of = segmented({ label: _("What is patched"), choices: ofNames(), onSelect: (value) => choose({ of: value }) });
  const metric = segmented({
    label: _("Metric"),
    choices: metricNames(),
    onSelect: (value) => set({ sweep_metric: value }),
  });
  const direction = segmented({
    label: _("Picture"),
    choices: directionNames(),
    onSelect: (value) => set({ sweep_direction: value }),
  });
  const estimating = find(element, ".sweep-estimate");
  /** @type {Scene | null} */
  let scene = null;
  /** @type {{ model: string, examples: readonly SweepExample[] } | null} */
  let shelf = null;

  /** @param {{ of: typeof state.sweep_of }} given */
  const choose = (given) => set({ sweep_of: given.of, sweep_cell: "" });

  /** The chosen cell; by itself the one that the headline is about. */
  function chosen() {
    const shown = state.sweep_direction;
    const panel = scene?.panels.find((one) => one.direction === shown);
    if (!panel || !scene) return null;
    const [row, column] = state.sweep_cell.split(".").map(Number);
    if (state.sweep_cell && row < panel.rows && column < panel.columns.length) return { direction: shown, row, column };
    return scene.done ? bestCell(panel, scene.of) : null;
  }

  /** @param {SweepMessage} message */
  function receive({ pair, panel, direction: name, cells, fraction, estimate }) {
    if (!scene) return;
    if (pair) scene.pair = pair;
    if (panel) scene.panels.push(emptyPanel(panel));
    const own = scene.panels.find((one) => one.direction === name);
    if (own && cells) fill(own, cells, fraction === 1);
    if (own && estimate) addEstimate(own, estimate);
    if (own && fraction !== undefined) tools.say(progress(own, fraction));
    if (panel && scene.panels.length === directionNames().length) draw();
  }

  /**
   * @param {Panel} panel
   * @param {readonly (readonly [number, number, number])[]} cells
   * @param {boolean} whole
   */
  function fill(panel, cells, whole) {
    for (const [row, column, value] of cells) panel.values[row][column] = value;
    if (whole) panel.values = panel.values.map((row) => row.map((value) => value ?? null));
    const before = element.dataset.limit;
    if (whole || before !== String(limit())) draw();
    else
      for (const [row, column] of cells) {
        const node = scene && cellAt(root, { direction: panel.direction, row, column });
        if (node && scene) paintCell(node, panel, scene.of, limit());
      }
  }

  /**
   * @param {Panel} exact
   * @param {import("../../web/calls.d.ts").EstimateAnswer} estimate
   */
  function addEstimate(exact, estimate) {
    scene?.panels.push({ ...exact, direction: "estimate", values: estimate.values, estimate });
    draw();
  }

  /**
   * @param {Panel} panel
   * @param {number} fraction
   */
  function progress({ direction: name }, fraction) {
    const title = directionNames().find(([one]) => one === name)?.[1] ?? "";
    return _("{picture}: {share} %", { picture: title, share: Math.round(100 * fraction) });
  }

  /** The share at the ends of the colour scale: all of the way, or the largest there is. */
  function limit() {
    const all = (scene?.panels ?? []).flatMap(({ values }) => values.flat());
    const most = all.reduce((/** @type {number} */ found, one) => Math.max(found, Math.abs(one ?? 0)), 1);
    return Math.min(MOST, Math.ceil(most * 20) / 20);
  }

  function draw() {
    if (!scene?.pair) return;
    const shown = scene;
    const most = limit();
    element.dataset.limit = String(most);
    const isPhone = matchMedia("(max-width: 760px)").matches;
    const across = isPhone ? 1 : shown.panels.length;
    const view = {
      ...{ of: shown.of, limit: most, width: root.clientWidth / across - 20 },
      height: isPhone ? 300 : root.clientHeight,
    };
    root.replaceChildren(
      ...shown.panels.map((panel) =>
        drawPanel(panel, { ...view, isChosen: panel.direction === state.sweep_direction }),
      ),
    );
    const written = number(100 * most, 0);
    legend(element, { low: () => `−${written} %`, high: () => `${written} %` }, diverging);
    mark();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  function mark() {
    const place = chosen();
    markCells(root, place);
    making.hidden = !asChange();
    describe(place);
    showHeadline();
  }

  /** The chosen cell as a change; null for the control, whose text is nobody's, and for heads of a text of two. */
  function asChange() {
    const place = chosen();
    const panel = scene?.panels.find((one) => one.direction === place?.direction);
    if (!scene || !place || !panel || place.direction === "control") return null;
    const column = panel.columns[place.column];
    if (typeof panel.values[place.row][place.column] !== "number") return null;
    const { text, other, target } = scene.texts;
    const [patched, donor] = place.direction === "noise" ? [text, other] : [other, text];
    const count = scene.pair?.clean_tokens === scene.pair?.corrupted_tokens ? (scene.pair?.clean_tokens ?? 0) : 0;
    if (scene.of === "head" && (!count || target)) return null;
    const positions = Array.from({ length: count }, (_one, at) => /** @type {[number, number]} */ ([at, at]));
    return { patched, made: changesOf(scene.of, place.row, column, { text: donor, target, positions }) };
  }

  async function makeChange() {
    const found = asChange();
    if (found && scene) await make(scene.model, { text: found.patched, target: scene.texts.target }, found.made);
  }

  /** @param {Place | null} place */
  function describe(place) {
    const panel = place && scene?.panels.find((one) => one.direction === place.direction);
    if (!place || !panel || !scene?.pair) {
      detail.textContent = "";
      return;
    }
    const value = panel.values[place.row][place.column];
    const sentence = cellSentence(scene.of, place.row, panel.columns[place.column], value);
    detail.textContent = `${sentence}. ${endsSentence(scene.metric, scene.pair)}`;
  }

  function showHeadline() {
    if (!element.getClientRects().length) return;
    const place = chosen();
    const panel = scene?.panels.find((one) => one.direction === place?.direction);
    const value = place && panel?.values[place.row][place.column];
    if (!scene?.pair || !place || !panel || typeof value !== "number") {
      headline(element);
      return;
    }
    const name = placeName(scene.of, place.row, panel.columns[place.column]);
    const [before, after] = headlineSentence(panel.direction, name, value);
    headline(element, before, said(shownText(scene.pair.answer.text)), after);
  }

  function ends() {
    if (scene) scene.done = true;
    mark();
    return "";
  }

  function rest() {
    find(element, "[data-do=stop]").hidden = true;
  }

  function restart() {
    const facts = runOf(props);
    if (facts) start(facts);
  }

  /** @param {RunFacts} facts */
  async function start(facts) {
    tools.stop("");
    if (shelf?.model !== facts.model) {
      const examples = await ask("sweep_examples", { model: facts.model });
      shelf = { model: facts.model, examples };
    }
    form.show(facts, shelf.examples);
    const texts = textsOf(facts, shelf.examples);
    root.replaceChildren();
    legend(element, null);
    detail.textContent = "";
    headline(element);
    scene = null;
    if (!texts.other) {
      status(element, _("Write a second text that differs in a word, then press Sweep."), "note");
      return;
    }
    scene = {
      ...{ model: facts.model, texts, of: state.sweep_of, metric: state.sweep_metric },
      ...{ changes: everywhere(active(state.changes)), pair: null, panels: [], done: false },
    };
    find(element, "[data-do=stop]").hidden = false;
    await tools.start({
      ...{ model: facts.model, ...texts, token: state.sweep_token, against: state.sweep_against },
      ...{ of: scene.of, metric: scene.metric, estimate: state.sweep_estimate, changes: scene.changes },
    });
  }

  root.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (!place) return;
    const shown = place.direction === "estimate" ? "denoise" : place.direction;
    set({ sweep_direction: shown, sweep_cell: `${place.row}.${place.column}` });
  });
  root.addEventListener("pointerover", (event) => describe(placeOf(event) ?? chosen()));
  root.addEventListener("pointerleave", () => describe(chosen()));
  root.addEventListener("focusin", (event) => describe(placeOf(event) ?? chosen()));
  root.addEventListener("keydown", (event) => {
    const place = placeOf(event);
    const panel = place && scene?.panels.find((one) => one.direction === place.direction);
    if (!place || !panel || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ...{ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] },
      ...{ Home: [0, -Infinity], End: [0, Infinity], PageUp: [-Infinity, 0], PageDown: [Infinity, 0] },
      ...{ Enter: [0, 0], " ": [0, 0] },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const row = Math.min(panel.rows - 1, Math.max(0, place.row + move[0]));
    const column = Math.min(panel.columns.length - 1, Math.max(0, place.column + move[1]));
    const shown = place.direction === "estimate" ? "denoise" : place.direction;
    set({ sweep_direction: shown, sweep_cell: `${row}.${column}` });
    cellAt(root, { direction: place.direction, row, column })?.focus();
  });
  estimating.addEventListener("click", () => set({ sweep_estimate: !state.sweep_estimate }));
  find(element, ".sweep-of").append(of.element);
  find(element, ".sweep-metric").append(metric.element);
  find(element, ".sweep-direction").append(direction.element);
  const making = h("button", { class: "action", onclick: () => makeChange(), hidden: true }, _("Make this a change"));
  find(element, ".sweep-actions").append(making);
  onResize(root, draw);
  onTheme(element, draw);
  savable(element, () => {
    if (!scene?.pair || !scene.done) return null;
    const { texts, of: patched, metric: measured, panels, pair, changes } = scene;
    const parts = [find(element, ".stream-legend"), root];
    const view = { of: patched, metric: measured, texts, changes, direction: state.sweep_direction, parts };
    return saved(panels, pair, view);
  });
  subscribe(element, showHeadline, ["experiment_view", "tab"]);
  subscribe(
    element,
    async (_state, changed) => {
      const facts = runOf(props);
      of.update(state.sweep_of);
      metric.update(state.sweep_metric);
      direction.update(state.sweep_direction);
      estimating.setAttribute("aria-pressed", String(state.sweep_estimate));
      if (!facts) return;
      if (changed.includes("main") && scene && scene.model !== facts.model) set(NOTHING);
      const isOwn = !state.sweep_text && state.sweep_other;
      const again = STARTS.some((key) => key !== "main" && changed.includes(key));
      const isBeside = changed.includes("other") && !same(scene?.texts, textsOf(facts, shelf?.examples ?? []));
      const isOther = scene && !same(scene.changes, everywhere(active(state.changes)));
      const other = isOther || !shelf || shelf.model !== facts.model || (isOwn && changed.includes("main"));
      if (!scene || again || other || isBeside) await start(facts);
      else if (changed.includes("sweep_direction")) draw();
      else mark();
    },
    [...STARTS, "other", "sweep_direction", "sweep_cell"],
  );
}
