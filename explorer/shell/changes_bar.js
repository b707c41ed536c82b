// The bar over all tabs that says that the model on the page is changed: each change as a chip, to pause or remove.
import { changeName } from "../web/change_names.js";
import { canUndo, pauseChange, removeChange, undo } from "../web/changes.js";
import { find, h, svg } from "../web/dom.js";
import { _ } from "../web/language.js";
import { active } from "../web/runs.js";
import { onChange, state } from "../web/store.js";
import { goTo, tabButtons } from "../web/tabs.js";

const EFFECT = "experiment"; // the tab that shows what changes do

/** @param {string} path */
const sign = (path) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: path }));

/**
 * @param {import("../web/store.js").Change} change
 * @param {number} place
 */
function chip(change, place) {
  const name = changeName(change);
  const isPaused = change.paused === true;
  const pausing = isPaused
    ? _("Make this change again: {change}", { change: name })
    : _("Pause: {change}", { change: name });
  const removing = _("Remove: {change}", { change: name });
  const look = { class: "change-chip", "data-paused": isPaused };
  return h(
    "li",
    look,
    h("span", { class: "change-name", dir: "auto", title: name }, name),
    h(
      "button",
      { "data-pause": place, "aria-label": pausing, title: pausing },
      sign(isPaused ? "M4 2l9 6-9 6z" : "M3 2h4v12H3zM9 2h4v12H9z"),
    ),
    h(
      "button",
      { "data-remove": place, "aria-label": removing, title: removing },
      sign("M3 4l1-1 4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4z"),
    ),
  );
}

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const line = find(element, ".changes-line");
  const list = find(element, ".changes-list");
  const banner = find(element, ".changes-banner");
  const back = find(element, "[data-do=undo]", HTMLButtonElement);
  const effect = find(element, "[data-do=effect]", HTMLButtonElement);

  function show() {
    const { changes, tab } = state;
    const focused = list.contains(document.activeElement);
    const isListed = changes.length > 0 || canUndo();
    line.hidden = !isListed;
    document.body.classList.toggle("is-changed", isListed);
    banner.textContent = active(changes).length
      ? _("The model on this page is changed")
      : _("The model is as it was made");
    list.replaceChildren(...changes.map(chip));
    back.disabled = !canUndo();
    effect.hidden = tab === EFFECT || !tabButtons().some(({ dataset }) => dataset.tabId === EFFECT);
    if (focused) (list.querySelector("button") ?? back).focus();
  }

  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.pause) pauseChange(Number(button.dataset.pause)).then(show);
    if (button?.dataset.remove) removeChange(Number(button.dataset.remove)).then(show);
  });
  back.addEventListener("click", () => undo().then(show));
  effect.addEventListener("click", () => goTo(EFFECT));
  // At once and not only where the bar is seen: hidden, it would never hear that there is something to say.
  onChange((changed) => {
    if (["changes", "main", "tab"].some((key) => changed.includes(key))) show();
  });
  show();
}
