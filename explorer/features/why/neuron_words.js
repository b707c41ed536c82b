// Neurons in words: their names, the headline, what is said of one.
import { signed } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").ActiveNeuron} ActiveNeuron */
/** @typedef {{ layer: number, neuron: number }} Place */

/** @param {Place} place */
export const neuronName = ({ layer, neuron }) =>
  _("neuron {layer}·{neuron}", { layer: String(layer), neuron: String(neuron) });

/** @param {Place} place */
export const placeText = ({ layer, neuron }) => `${layer}.${neuron}`;

/**
 * A neuron as a link or a choice names it; null for what is none.
 * @param {string} text
 * @returns {Place | null}
 */
export function readPlace(text) {
  const found = /^(\d{1,4})\.(\d{1,6})$/.exec(text);
  return found ? { layer: Number(found[1]), neuron: Number(found[2]) } : null;
}

/**
 * What a neuron is called in the grid: the word it raises most, or its number.
 * @param {ActiveNeuron} one
 */
export const cellName = ({ writes, neuron }) => (writes ? wordOf(writes) : String(neuron));

/**
 * @param {number} layer
 * @param {ActiveNeuron} one
 */
export function activeSentence(layer, { neuron, activation, strength, writes }) {
  const values = {
    name: neuronName({ layer, neuron }),
    activation: signed(activation),
    strength: number(strength, 2),
    word: writes ? wordOf(writes) : "",
  };
  if (!writes) return _("{name}: activation {activation}, writes with strength {strength}", values);
  return activation < 0
    ? _("{name}: activation {activation}, writes with strength {strength}; lowers “{word}” most", values)
    : _("{name}: activation {activation}, writes with strength {strength}; raises “{word}” most", values);
}

/**
 * The headline over the grid.
 * @param {number} layer
 * @param {ActiveNeuron} one
 * @param {string} token  where it is active
 */
export function activeHeadline(layer, one, token) {
  const values = { layer: String(layer), neuron: String(one.neuron), activation: signed(one.activation, 1), token };
  return _("At “{token}” neuron {neuron} of layer {layer} writes most: its activation is {activation}", values);
}
