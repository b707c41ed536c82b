// Before and after: what the changes do to the next token, as two bars for each token.

import { changeName } from "../../web/change_names.js";
import { addChange } from "../../web/changes.js";
import { find, h, onResize } from "../../web/dom.js";
import { bits, percent } from "../../web/format.js";
import { headline, said } from "../../web/headline.js";
import { _, _n } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { followParts } from "../../web/subtabs.js";
import { createMaker } from "./maker.js";
import { leader, rowsOf } from "./rows.js";
import { saved } from "./saved.js";
import { suggestions } from "./suggestions.js";

/** @typedef {import("../../web/calls.d.ts").ExperimentAnswer} ExperimentAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

const ROW = 2.6; // lines of type that a row needs
const FEWEST = 4;
const MOST = 24;
const LIMIT = 60;

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const bars = find(element, ".effect-bars");
  const tries = find(element, ".effect-tries");
  const ask = latest(element);
  const maker = createMaker(find(element, ".effect-maker"));
  const order = segmented({
    label: _("Order of the tokens"),
    choices: [
      ["likeliest", _("Likeliest")],
      ["moved", _("Moved most")],
    ],
    onSelect: (value) => set({ experiment_order: value }),
  });
  /** @type {{ run: RunFacts, answer: ExperimentAnswer } | null} */
  let scene = null;

  /** How many rows there is room for. */
  function most() {
    const text = Number.parseFloat(getComputedStyle(element).getPropertyValue("--picture-text")) || 15;
    return Math.min(MOST, Math.max(FEWEST, Math.floor(bars.clientHeight / (ROW * text))));
  }

  function draw() {
    if (!scene) return;
    const { run, answer } = scene;
    const rows = rowsOf(answer, state.experiment_order, most());
    const longest = Math.max(...rows.map(({ before, after }) => Math.max(before, after)), 1e-9);
    bars.replaceChildren(...rows.map((row) => barNode(row, longest)));
    find(element, ".view").toggleAttribute("data-changed", run.changes.length > 0);
    counts(find(element, ".effect-counts"), answer);
    find(element, ".effect-note").textContent = noteOf(run);
    tries.replaceChildren(
      h("h3", { class: "tree-title" }, _("Try")),
      ...suggestions(run, state).map((change) =>
        h("button", { class: "action", onclick: () => addChange(change) }, changeName(change)),
      ),
    );
    tell(scene);
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {{ run: RunFacts, answer: ExperimentAnswer }} told */
  function tell({ run, answer }) {
    if (!element.getClientRects().length) return;
    const { before, after } = leader(answer);
    const word = said(before.name);
    if (!run.changes.length) {
      headline(element, _("Nothing is changed yet. As it is, the model says "), word, `: ${percent(before.share)}.`);
      return;
    }
    const made = _n("With {count} change, ", "With {count} changes, ", run.changes.length);
    const moved = { from: percent(before.share), to: percent(before.later) };
    const shares = _(" goes from {from} to {to}", moved);
    const leads = { word: after.name, share: percent(after.share) };
    const instead = after.id === before.id ? "" : _(", and “{word}” leads with {share}", leads);
    const distance = _("; KL is {bits}.", { bits: bits(answer.kl, answer.kl < 0.1 ? 4 : 2) });
    headline(element, made, word, `${shares}${instead}${distance}`);
  }

  find(element, ".effect-order").append(order.element);
  onResize(bars, draw);
  savable(element, () => {
    if (!scene) return null;
    const parts = [find(element, ".effect-legend"), bars];
    return saved(scene.answer, scene.run, { parts, order: state.experiment_order });
  });
  followParts("experiment-views", "experiment_view");
  subscribe(element, () => (scene ? tell(scene) : undefined), ["experiment_view", "tab"]);
  subscribe(
    element,
    async (_state, changed) => {
      const run = runOf(props);
      if (!run) return;
      order.update(state.experiment_order);
      maker.update(run, state);
      if (scene?.run !== run) {
        const answer = await ask("experiment", { run: "main", limit: LIMIT });
        scene = { run, answer };
        draw();
      } else if (changed.some((key) => key !== "token")) draw();
    },
    ["main", "experiment_order", "token", "layer", "head", "kind"],
  );
}

/**
 * @param {import("./rows.js").Row} row
 * @param {number} longest
 */
function barNode({ name, before, after }, longest) {
  const width = (/** @type {number} */ share) => ({ width: `${(100 * share) / longest}%` });
  const title = _("{word}: {before} before, {after} after", {
    word: name,
    before: percent(before),
    after: percent(after),
  });
  return h(
    "li",
    { class: "effect-row", title, "data-moved": Math.sign(after - before) || null },
    h("span", { class: "effect-name", dir: "auto" }, name),
    h(
      "span",
      { class: "effect-tracks" },
      h("span", { class: "effect-bar", "data-side": "before", style: width(before) }),
      h("span", { class: "effect-bar", "data-side": "after", style: width(after) }),
    ),
    h("span", { class: "effect-share" }, percent(before), h("span", { class: "effect-later" }, ` → ${percent(after)}`)),
  );
}

/**
 * @param {HTMLElement} place
 * @param {ExperimentAnswer} answer
 */
function counts(place, { kl, gained, lost }) {
  const name = (/** @type {typeof gained} */ list) => (list.length ? list[0].text.trim() || list[0].text : "–");
  const rows = [
    [_("KL(before ‖ after)"), bits(kl, 3)],
    [_("gained most"), name(gained)],
    [_("lost most"), name(lost)],
  ];
  place.replaceChildren(
    ...rows.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", { dir: "auto" }, value))),
  );
}

/** @param {RunFacts} run */
function noteOf({ changes, kind }) {
  if (!changes.length)
    return _("Every tab answers for the changed model until the changes are removed in the bar above.");
  const positions = _("Positions in a change stay where they are in the text; a completion is changed at every token.");
  return kind === "encoder" ? "" : positions;
}
