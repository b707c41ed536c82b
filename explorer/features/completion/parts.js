// Which part of the tab is open: the next word, two texts at once, or beam search.
import { find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { segmented } from "../../web/segmented.js";
import { onChange, set, state } from "../../web/store.js";

/** @typedef {typeof state.completion_part} Part */

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const choice = segmented({
    label: _("What to look at"),
    choices: /** @type {[Part, string][]} */ ([
      ["next", _("Next word")],
      ["two", _("Two at once")],
      ["beams", _("Beam search")],
    ]),
    onSelect: (part) => set({ completion_part: part }),
  });
  find(element, ".view").prepend(choice.element);

  function show() {
    document.body.dataset.completionPart = state.completion_part;
    choice.update(state.completion_part);
  }

  onChange((changed) => {
    if (changed.includes("completion_part")) show();
  });
  show();
}
