// Which part of the tab is open: the next word, two sides at once, a reference text, or beam search.
import { setControls } from "../../web/controls.js";
import { find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { active, isRunning, start } from "../../web/runs.js";
import { segmented } from "../../web/segmented.js";
import { showsBoth } from "../../web/sides.js";
import { onChange, set, state } from "../../web/store.js";

/** @typedef {typeof state.completion_part} Part */

const SIDES = ["main", "other", "completion_part", "compare_view"];

const WARMER = 1.3; // two texts of one model, text and setting would be the same from start to end

/** Two at once begins with the same model and text, so that two settings can be told apart; they share one run. */
function openSide() {
  const { main, other, completion_part: part } = state;
  if (part !== "two" || !main || other || main.kind === "encoder") return;
  if (isRunning()) {
    setTimeout(openSide, 50); // a link's other side, which is asked for with the main one, comes first
    return;
  }
  if (state.second_temperature === state.temperature) setControls({ second_temperature: WARMER });
  const { model, text, target } = main;
  start("other", { model, text, target, changes: active(state.changes) });
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  let hadSide = showsBoth();
  const choice = segmented({
    label: _("What to look at"),
    choices: /** @type {[Part, string][]} */ ([
      ["next", _("Next word")],
      ["two", _("Two at once")],
      ["reference", _("Reference text")],
      ["beams", _("Beam search")],
    ]),
    onSelect: (part) => set({ completion_part: part, ...(part === "two" ? { compare_view: "both" } : {}) }),
  });
  find(element, ".view").prepend(choice.element);

  function show() {
    const { other, completion_part: part } = state;
    document.body.dataset.completionPart = part === "two" && !showsBoth() ? "next" : part;
    document.body.dataset.otherKind = other?.kind ?? "";
    choice.update(part);
  }

  onChange((changed) => {
    if (!SIDES.some((key) => changed.includes(key))) return;
    if (hadSide && !showsBoth() && state.completion_part === "two") {
      hadSide = false;
      set({ completion_part: "next" }); // the comparison was ended
      return;
    }
    hadSide = showsBoth();
    show();
    openSide();
  });
  show();
  openSide();
}
