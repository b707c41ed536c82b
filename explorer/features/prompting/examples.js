// The table of examples: pairs of input and output that stand before the question.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { set, state, subscribe } from "../../web/store.js";
import { MAX_ROWS, rowsOf, withCell } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row */

const CHARACTERS = 300;

/** @param {readonly Row[]} rows */
const keep = (rows) => set({ prompt_examples: rows });

/**
 * @param {Row} row
 * @param {number} index
 */
function rowNode(row, index) {
  const cells = row.map((text, at) => {
    const column = at === 0 ? 0 : 1;
    const values = { number: String(index + 1) };
    const label = column ? _("Output {number}", values) : _("Input {number}", values);
    /** @param {Event} event */
    const oninput = ({ target }) =>
      target instanceof HTMLInputElement && keep(withCell(rowsOf(state.prompt_examples), index, column, target.value));
    const input = { type: "text", value: text, maxlength: CHARACTERS, dir: "auto", "aria-label": label, oninput };
    return h("td", null, h("input", { ...input, autocomplete: "off" }));
  });
  const remove = () => keep(rowsOf(state.prompt_examples).filter((_row, at) => at !== index));
  const label = _("Remove row {number}", { number: String(index + 1) });
  return h(
    "tr",
    null,
    cells,
    h("td", null, h("button", { class: "action", "aria-label": label, onclick: remove }, "×")),
  );
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const body = find(element, "tbody");
  const add = find(element, "[data-do=add]", HTMLButtonElement);

  add.addEventListener("click", () => {
    keep([...rowsOf(state.prompt_examples), ["", ""]]);
  });
  subscribe(element, () => {
    const rows = rowsOf(state.prompt_examples);
    add.disabled = rows.length >= MAX_ROWS;
    const shown = [...body.querySelectorAll("input")].map(({ value }) => value);
    if (JSON.stringify(shown) === JSON.stringify(rows.flat())) return; // what is being typed keeps its focus
    body.replaceChildren(...rows.map(rowNode));
  }, ["prompt_examples"]);
}
