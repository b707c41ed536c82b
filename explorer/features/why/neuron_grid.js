// The neurons that write most at one position: a line for each layer, the strongest first, named by what they raise.
import { diverging, shade } from "../../web/colour.js";
import { h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { activeSentence, cellName, placeText } from "./neuron_words.js";

/** @typedef {import("../../web/calls.d.ts").ActiveAnswer} ActiveAnswer */

const CELL = 5.4; // widths of a letter m
const FEWEST = 3;

/**
 * Draws it; gives the cells in the order they are read.
 * @param {HTMLElement} place
 * @param {ActiveAnswer} answer
 * @param {string} chosen
 * @returns {HTMLElement[]}
 */
export function drawNeurons(place, { layers }, chosen) {
  const size = Number.parseFloat(getComputedStyle(place).fontSize) || 15;
  const most = Math.max(...layers.map((line) => line.length));
  const columns = Math.min(most, Math.max(FEWEST, Math.floor(place.clientWidth / (CELL * size)) - 1));
  const strongest = Math.max(...layers.flat().map(({ strength }) => strength), 1e-12);
  place.style.gridTemplateColumns = `max-content repeat(${columns}, minmax(0, 1fr))`;
  /** @type {HTMLElement[]} */
  const cells = [];
  const rows = layers.flatMap((line, layer) => {
    const made = line.slice(0, columns).map((one) => {
      const sentence = activeSentence(layer, one);
      const name = placeText({ layer, neuron: one.neuron });
      const props = {
        "data-neuron": name,
        "data-chosen": name === chosen,
        "data-tip": sentence,
        "aria-label": sentence,
      };
      const node = h("span", { class: "neuron-cell", dir: "auto", ...props }, cellName(one));
      shade(node, 0.5 + (Math.sign(one.activation) * one.strength) / strongest / 2, diverging);
      return node;
    });
    cells.push(...made);
    const empty = made.length ? [] : [h("span", { class: "attr-refusal" }, _("no neurons that can be told apart"))];
    const filler = Array.from({ length: made.length ? columns - made.length : 0 }, () => h("span", null));
    return [h("span", { class: "neuron-layer" }, _("layer {layer}", { layer })), ...made, ...empty, ...filler];
  });
  place.replaceChildren(...rows);
  return cells;
}
