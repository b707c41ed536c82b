// The line of the other side, under the prompt: model, text, changes; and whether the tabs show both sides or one.
import { config } from "../web/configuration.js";
import { find, h } from "../web/dom.js";
import { _ } from "../web/language.js";
import { active, closeOther, start } from "../web/runs.js";
import { segmented } from "../web/segmented.js";
import { onChange, same, set, state } from "../web/store.js";
import { swap } from "./comparing.js";

/** @typedef {import("../web/store.js").Change} Change */
/** @typedef {import("../web/store.js").RunFacts} RunFacts */

const FREE = "…"; // the entry of the list that opens a box for any Hub id or folder

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const line = find(element, ".compare-line");
  const model = find(element, ".compare-model", HTMLSelectElement);
  const free = find(element, ".compare-other-model", HTMLInputElement);
  const text = find(element, ".compare-text", HTMLTextAreaElement);
  const target = find(element, ".compare-target", HTMLTextAreaElement);
  const changes = find(element, ".compare-changes", HTMLSelectElement);
  const view = segmented({
    label: _("What the tabs show"),
    choices: [
      ["both", _("Both")],
      ["one", _("Only A")],
    ],
    onSelect: (value) => set({ compare_view: value }),
  });
  find(element, ".compare-view").append(view.element);
  /** @type {Set<EventTarget>} */
  const typed = new Set(); // boxes whose text was not run yet: an answer that comes meanwhile must not take it away

  /** Which lists of changes side B may have. */
  const lists = () => [
    { name: _("unchanged model"), changes: /** @type {Change[]} */ ([]) },
    { name: _("changed as A"), changes: active(state.changes) },
    { name: _("its own changes"), changes: /** @type {Change[]} */ (state.other?.changes ?? []) },
  ];

  function fillModels(/** @type {string} */ chosen) {
    const names = [...new Set([...Object.keys(config.kinds), state.main?.model, chosen])].filter(Boolean);
    const options = names.map((name) => h("option", { value: name, selected: name === chosen }, name));
    model.replaceChildren(...options, ...(config.hosted ? [] : [h("option", { value: FREE }, _("Hub id or folder…"))]));
    showFree(false);
  }

  function showFree(/** @type {boolean} */ on) {
    free.hidden = !on;
    model.hidden = on;
    if (on) free.focus();
  }

  function fillChanges(/** @type {RunFacts} */ other) {
    const offered = lists().filter(
      (one, place, all) => all.findIndex((two) => same(one.changes, two.changes)) === place,
    );
    const options = offered.map((one) => {
      const value = JSON.stringify(one.changes);
      return h("option", { value, selected: same(one.changes, other.changes) }, one.name);
    });
    changes.replaceChildren(...options);
    changes.hidden = offered.length < 2;
  }

  /** Whether a model has a target, as far as the page knows. */
  const hasTarget = (/** @type {string} */ name) =>
    (config.kinds[name] ?? (state.other?.model === name ? state.other.kind : "")) === "encoder-decoder";

  function show() {
    const { other, compare_view: shown } = state;
    line.hidden = other === null;
    view.update(shown);
    if (!other) return;
    fillModels(other.model);
    fillChanges(other);
    if (!typed.has(text)) text.value = other.text;
    if (!typed.has(target)) target.value = other.target;
    target.hidden = !hasTarget(other.model);
    element.dataset.run = String(other.run);
  }

  function run() {
    const name = free.hidden ? model.value : free.value.trim();
    if (!name) return;
    typed.clear();
    const said = { model: name, text: text.value, target: hasTarget(name) ? target.value : "" };
    start("other", { ...said, changes: JSON.parse(changes.value || "[]") });
  }

  model.addEventListener("change", () => {
    if (model.value === FREE) showFree(true);
    else run();
  });
  changes.addEventListener("change", run);
  line.addEventListener("keydown", (event) => {
    if (event.target === free && event.key === "Escape") fillModels(state.other?.model ?? config.model);
    const isBox = event.target === free || event.target === text || event.target === target;
    if (!isBox || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    run();
  });
  for (const box of [text, target]) box.addEventListener("input", () => typed.add(box));
  find(element, "[data-do=run]").addEventListener("click", run);
  find(element, "[data-do=swap]").addEventListener("click", () => {
    typed.clear();
    swap();
  });
  find(element, "[data-do=close]").addEventListener("click", () => {
    typed.clear();
    closeOther();
    document.getElementById("compare")?.focus();
  });
  // At once and not only where the line is seen: hidden, it would never hear that there is something to say.
  onChange((changed) => {
    if (["main", "other", "changes", "compare_view"].some((key) => changed.includes(key))) show();
  });
  show();
}
