// The line above the tokens: the board of languages, the second tokenizer, and whether the text has been run.
import { config } from "../../web/configuration.js";
import { h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { set, state } from "../../web/store.js";

/** @typedef {import("./cut.js").Cut} Cut */

const OTHER = "…"; // the entry that opens a box for any name
const BYTES = "byt5"; // a token for each byte, of `models/loading/loader.py`

/**
 * @param {(name: string) => void} choose
 */
function otherBox(choose) {
  const name = h("input", {
    type: "text",
    class: "second-name",
    placeholder: _("Hub id or folder"),
    "aria-label": _("Hub id or folder of the second tokenizer"),
    maxlength: 300,
    spellcheck: "false",
    onchange: () => choose(name.value.trim()),
  });
  return name;
}

/** @param {HTMLElement} place */
export function createTools(place) {
  const board = h(
    "button",
    { class: "action", "aria-pressed": false, onclick: () => set({ tokens_board: !state.tokens_board }) },
    _("One sentence, eight languages"),
  );
  const names = Object.keys(config.samples).map((name) => h("option", { value: name }, name));
  const select = h(
    "select",
    { class: "second-select", onchange: chooseListed },
    h("option", { value: "" }, _("no second tokenizer")),
    h("option", { value: BYTES }, _("bytes (byt5)")),
    names,
    !config.hosted && h("option", { value: OTHER }, _("another model…")),
  );
  const other = otherBox((name) => set({ tokens_second: name }));
  const mark = h("span", { class: "typed-mark", role: "status" });
  const legend = h("span", { class: "second-legend" });
  const status = h("div", { class: "second-status" });
  const label = h("label", { class: "second" }, h("span", null, _("beside")), select);
  place.append(board, label, other, legend, mark, status);

  function chooseListed() {
    other.hidden = select.value !== OTHER;
    if (select.value === OTHER) other.focus();
    else set({ tokens_second: select.value });
  }

  return {
    status,
    /** @param {Cut} cut */
    update({ source, model, second }) {
      board.setAttribute("aria-pressed", String(source === "board"));
      const isTyped = source === "typed";
      mark.textContent = isTyped ? _("typed, not yet run") : "";
      const name = second?.model ?? "";
      const isListed = name === "" || name === BYTES || name in config.samples;
      if (select.value !== OTHER || name) select.value = isListed ? name : OTHER;
      other.hidden = select.value !== OTHER;
      if (!isListed) other.value = name;
      legend.hidden = !second;
      legend.replaceChildren(...(second ? [swatch(model, false), swatch(second.model, true)] : []));
    },
  };
}

/**
 * @param {string} name
 * @param {boolean} isSecond
 */
const swatch = (name, isSecond) =>
  h("span", { class: "swatch", dir: "auto" }, h("span", { class: "price-bar", "data-second": isSecond }), name);
