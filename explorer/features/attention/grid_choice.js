// In the drawer: how the grid's heads are ordered, from which score on they are shown, and which are chosen together.
import { find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { set, state, subscribe } from "../../web/store.js";
import { shapeOf, shownRun } from "./asked.js";
import { isBelow, largest, offered, scoreText, valuesOf } from "./head_scores.js";
import { headsText } from "./heads.js";
import { keptScores, onScores } from "./measured.js";

/** @typedef {import("../../web/calls.d.ts").Controls} Controls */
/** @typedef {import("./head_scores.js").Score} Score */
/** @typedef {import("./heads.js").Head} Head */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/** @param {HTMLElement} element */
const partsOf = (element) => ({
  meaning: find(element, ".grid-meaning"),
  order: find(element, ".grid-order", HTMLSelectElement),
  least: find(element, ".grid-least"),
  minimum: find(element, ".grid-minimum", HTMLInputElement),
  value: find(element, ".grid-minimum-value"),
});

/**
 * Every head of the run with its score, by layer and head.
 * @param {RunFacts} run
 * @param {string} name
 */
function measured(run, name) {
  const shape = shapeOf(run);
  const values = valuesOf(keptScores(name), shape, state.attention_score);
  return values.map((value, place) => {
    /** @type {Head} */
    const head = [Math.floor(place / shape.heads), place % shape.heads];
    return { head, value };
  });
}

/**
 * @param {RunFacts} run
 * @param {string} name
 * @param {string | null} how
 */
function chooseMany(run, name, how) {
  const heads = measured(run, name).filter(({ head, value }) => {
    if (how === "layer") return head[0] === state.layer;
    return how === "shown" && !isBelow(value, state.attention_minimum);
  });
  set({ attention_chosen: headsText(heads.map(({ head }) => head)) });
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const parts = partsOf(element);
  const { name } = shownRun(props);

  function show() {
    const { run } = shownRun(props);
    if (!run) return;
    const score = offered(props.scores, state.kind).find(
      (/** @type {Score} */ one) => one.key === state.attention_score,
    );
    const top = score ? largest(measured(run, name).map(({ value }) => value)) : null;
    parts.meaning.textContent = score
      ? `${score.definition} (${score.source})`
      : _("Choose a measure above the grid to order the heads by it.");
    parts.order.value = state.attention_order;
    parts.order.disabled = !score;
    parts.least.hidden = top === null;
    parts.minimum.max = String(top ?? 1);
    parts.minimum.value = String(state.attention_minimum);
    parts.value.textContent = score ? scoreText(state.attention_minimum, score.key) : "";
  }

  parts.order.addEventListener("change", () => {
    set({ attention_order: /** @type {Controls["attention_order"]} */ (parts.order.value) });
  });
  parts.minimum.addEventListener("input", () => set({ attention_minimum: Number(parts.minimum.value) }));
  for (const button of element.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      const { run } = shownRun(props);
      if (run) chooseMany(run, name, button.getAttribute("data-choose"));
    });
  }
  onScores(element, name, show);
  subscribe(element, show, [name, "kind", "attention_score", "attention_order", "attention_minimum"]);
}
