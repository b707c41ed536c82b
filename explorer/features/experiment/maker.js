// The form that makes a change of any kind; it begins with what is chosen on the page.
import { addChange } from "../../web/changes.js";
import { h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { changeOf, fieldsOf, firsts, kinds } from "./fields.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/store.js").State} State */
/** @typedef {import("./fields.js").Field} Field */

/** @param {HTMLElement} place  becomes the form */
export function createMaker(place) {
  /** @type {RunFacts | null} */
  let run = null;
  /** @type {Record<string, string>} */
  let values = {};
  /** @type {Set<string>} */
  const touched = new Set(); // what was typed is not overwritten by what is chosen elsewhere
  let drawn = "";

  const chosen = h("select", { class: "maker-kind", "aria-label": _("What to change") });
  const fields = h("div", { class: "maker-fields" });
  const add = h("button", { class: "action primary", type: "submit" }, _("Make this change"));
  const form = h("form", { class: "maker" }, h("h3", { class: "tree-title" }, _("Make a change")), chosen, fields, add);
  place.replaceChildren(form);
  chosen.append(...kinds().map(([value, name]) => h("option", { value }, name)));

  /** @param {Field} field */
  function input({ name, label, choices, step, placeholder }) {
    const common = { name, "data-field": name };
    const node = choices
      ? h(
          "select",
          common,
          choices.map(([value, title]) => h("option", { value }, title)),
        )
      : h("input", { ...common, type: step ? "number" : "text", step, placeholder, autocomplete: "off", dir: "auto" });
    node.value = values[name] ?? "";
    return h("label", { class: `maker-field${step || choices ? "" : " is-wide"}` }, h("span", null, label), node);
  }

  function draw() {
    if (!run) return;
    const wanted = fieldsOf(chosen.value, values, run);
    const shape = JSON.stringify(wanted);
    if (shape !== drawn) {
      const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.field : undefined;
      fields.replaceChildren(...wanted.map(input));
      drawn = shape;
      const again = focused && fields.querySelector(`[data-field="${focused}"]`);
      if (again instanceof HTMLElement) again.focus();
      return;
    }
    for (const node of fields.querySelectorAll("input, select")) {
      if (node === document.activeElement) continue;
      if (node instanceof HTMLInputElement || node instanceof HTMLSelectElement) node.value = values[node.name] ?? "";
    }
  }

  chosen.addEventListener("change", draw);
  fields.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    values[target.name] = target.value;
    touched.add(target.name);
    if (target instanceof HTMLSelectElement) draw();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    touched.clear();
    if (run) addChange(changeOf(chosen.value, values, run));
  });

  return {
    /**
     * Shows what a change of this run can be, beginning with what is chosen.
     * @param {RunFacts} facts
     * @param {State} state
     */
    update(facts, state) {
      if (facts.model !== run?.model) touched.clear();
      run = facts;
      const fresh = Object.entries(firsts(facts, state)).filter(([name]) => !touched.has(name));
      values = { ...values, ...Object.fromEntries(fresh) };
      draw();
    },
  };
}
