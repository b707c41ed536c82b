// What is swept: two texts, typed or chosen from the pairs that come with the model, and the two words.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { set, state } from "../../web/store.js";

/** @typedef {import("../../web/calls.d.ts").SweepExample} SweepExample */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {{ text: string, other: string, target: string }} Texts */

/**
 * The texts that are swept: those of the link or the boxes, else the page's own against the typed one, else the first
 * pair that comes with the model; where two texts of the model are compared on the page, these. `other` is empty where
 * there is nothing to compare with yet.
 * @param {RunFacts} facts
 * @param {readonly SweepExample[]} examples
 * @returns {Texts}
 */
export function textsOf(facts, examples) {
  const { sweep_text: text, sweep_other: other, sweep_target: target } = state;
  if (other) return { text: text || facts.text, other, target: target || facts.target };
  const beside = comparedText(facts);
  if (beside && !text) return { text: facts.text, other: beside, target: facts.target };
  const [first] = examples;
  if (first && !text) return { text: first.text, other: first.other, target: first.target };
  return { text: text || facts.text, other: "", target: target || facts.target };
}

/**
 * The text of side B, where a comparison on the page is one of two texts of this model; else "".
 * @param {RunFacts} facts
 */
export function comparedText(facts) {
  const { other } = state;
  return other && other.model === facts.model && other.text !== facts.text ? other.text : "";
}

/** What is forgotten with another model: its texts and tokens. */
export const NOTHING = {
  sweep_text: "",
  sweep_other: "",
  sweep_target: "",
  sweep_token: "",
  sweep_against: "",
  sweep_cell: "",
};

/**
 * @param {HTMLElement} element
 * @param {() => void} again  sweeps what stands there already
 */
export function createForm(element, again) {
  const form = find(element, ".sweep-form", HTMLFormElement);
  const choice = find(element, ".sweep-examples", HTMLSelectElement);
  const box = (/** @type {string} */ name) => find(form, `[name=${name}]`, HTMLInputElement);
  /** @type {readonly SweepExample[]} */
  let listed = [];
  /** @type {RunFacts | null} */
  let run = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [text, other, token, against] = ["text", "other", "token", "against"].map((name) => box(name).value);
    const own = listed.find((one) => one.text === text && one.other === other);
    const next = {
      ...{ sweep_text: text, sweep_other: other, sweep_target: own?.target ?? run?.target ?? "" },
      ...{ sweep_token: token.trim(), sweep_against: against.trim(), sweep_cell: "" },
    };
    const isNew = Object.entries(next).some(([key, value]) => Reflect.get(state, key) !== value);
    if (isNew) set(next);
    else again();
  });
  choice.addEventListener("change", () => {
    const one = listed[choice.selectedIndex - 1];
    if (choice.value === "sides") set(NOTHING);
    else if (choice.value === "own" && run) {
      set({ ...NOTHING, sweep_text: run.text });
      box("other").focus();
    } else if (one) {
      set({ ...NOTHING, sweep_text: one.text, sweep_other: one.other, sweep_target: one.target });
    }
  });

  return {
    /**
     * Writes into the boxes what is swept.
     * @param {RunFacts} facts
     * @param {readonly SweepExample[]} examples
     */
    show(facts, examples) {
      run = facts;
      const texts = textsOf(facts, examples);
      write(box("text"), texts.text);
      write(box("other"), texts.other);
      write(box("token"), state.sweep_token);
      write(box("against"), state.sweep_against);
      if (listed !== examples) {
        listed = examples;
        choice.replaceChildren(
          h("option", { value: "" }, _("Example pairs")),
          ...examples.map((one) => h("option", { value: one.text }, `${one.text} / ${one.other}`)),
          h("option", { value: "own" }, _("The page's own text")),
          h("option", { value: "sides" }, _("The two texts that are compared")),
        );
      }
      for (const one of choice.options) if (one.value === "sides") one.hidden = !comparedText(facts);
      choice.selectedIndex = 1 + examples.findIndex((one) => one.text === texts.text && one.other === texts.other);
      if (texts.text === facts.text && texts.other === comparedText(facts)) choice.value = "sides";
    },
  };
}

/**
 * @param {HTMLInputElement} input
 * @param {string} text
 */
function write(input, text) {
  if (document.activeElement !== input || !input.value) input.value = text;
}
