// Word arithmetic on a map: three words and the answer as the corners of a four-sided figure. The numbers come from the
// full space; where the corners lie is the map's doing.
import { find, h } from "../../web/dom.js";
import { decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { set, state } from "../../web/store.js";
import { tokenButton } from "./lists.js";
import { sumSentence } from "./sum_words.js";
import { wordOf } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").ArithmeticAnswer} Sum */
/** @typedef {import("./scatter.js").Scatter} Scatter */

const MOST_ANSWERS = 5;

/**
 * The arrows of a sum whose four words stand at these points: the same step twice, and what is compared.
 * @param {readonly number[]} corners  of a, b, c and the answer; −1 for one that the map does not show
 * @returns {import("../../web/map/state.js").Arrow[]}
 */
export function arrowsOf([a, b, c, answer]) {
  const arrows = [
    { from: b, to: a, dashed: false },
    { from: c, to: answer, dashed: false },
    { from: b, to: c, dashed: true },
    { from: a, to: answer, dashed: true },
  ];
  return arrows.filter(({ from, to }) => from >= 0 && to >= 0);
}

/** @param {Scatter} scatter */
export function createSum({ element, map, points, names, voices }) {
  const ask = latest(element);
  const section = find(element, ".map-sum");
  const form = find(section, "form", HTMLFormElement);
  const boxes = /** @type {const} */ (["a", "b", "c"]).map((name) => find(form, `[name=${name}]`, HTMLInputElement));
  let toBeSeen = false; // whether the map moves to where the whole sum is on the screen

  const isTable = () => state.map_space === "input" || state.map_space === "output";

  /** The words of the store, in the boxes; a list of this table's answers only where there is a table. */
  function offer() {
    section.hidden = !isTable();
    boxes.forEach((box, place) => {
      const word = [state.sum_a, state.sum_b, state.sum_c][place] ?? "";
      if (box.value !== word && document.activeElement !== box) box.value = word;
    });
    if (state.map_sum) return;
    map.setArrows([]);
    find(section, ".map-head").textContent = "";
    find(section, ".map-list").replaceChildren();
    delete element.dataset.sum;
    voices.say("sum", "");
  }

  /** @param {Sum} sum */
  function list({ results }) {
    const note = h("span", { class: "note" }, _("Nearest in the full space, the three left out"));
    find(section, ".map-head").replaceChildren(note);
    const items = results
      .slice(0, MOST_ANSWERS)
      .map(({ row, text, cosine }) =>
        h(
          "span",
          { class: "map-match" },
          tokenButton(row, wordOf(text)),
          h("span", { class: "note" }, decimals(cosine ?? 0, 2)),
        ),
      );
    const forget = h("button", { class: "action", "data-do": "forget" }, _("Take away"));
    find(section, ".map-list").replaceChildren(...items, forget);
  }

  /** Draws the sum of the store, if one is wanted. */
  async function draw() {
    offer();
    if (!state.map_sum || !isTable() || !state.main) return;
    const words = { a: state.sum_a, b: state.sum_b, c: state.sum_c };
    const space = state.map_space === "output" ? "output" : "input";
    const sum = await ask("word_arithmetic", { model: state.main.model, space, ...words });
    if (!state.map_sum) return;
    names.keep([...sum.inputs, ...sum.results]);
    const corners = [...sum.inputs, ...sum.results.slice(0, 1)].map(({ row }) => points.pointOf(row));
    map.setArrows(arrowsOf(corners));
    const shown = corners.filter((point) => point >= 0);
    if (toBeSeen && shown.length) map.zoomAround(shown);
    toBeSeen = false;
    list(sum);
    voices.say("sum", sumSentence(sum));
    element.dataset.sum = sum.results[0]?.text ?? "";
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [a, b, c] = boxes.map((box) => box.value);
    toBeSeen = true;
    set({ sum_a: a, sum_b: b, sum_c: c, map_sum: true, map_told: "sum" });
    draw();
  });
  return { draw, forget: () => set({ map_sum: false }) };
}
