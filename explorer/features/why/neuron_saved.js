// The neurons as they are saved: those that write most at a position, and the Python that finds them.
import { _ } from "../../web/language.js";
import { literal } from "../../web/saving/python.js";
import { wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").ActiveAnswer} ActiveAnswer */

/**
 * @param {ActiveAnswer} answer
 * @param {{ chosen: import("./neuron_words.js").Place, searched: string, parts: Element[] }} view
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ position, layers }, { chosen, searched, parts }) {
  return {
    name: _("Neurons"),
    parts,
    settings: [[_("Position"), position]],
    rows: () =>
      layers.flatMap((line, layer) =>
        line.map(({ neuron, activation, strength, writes }) => ({
          ...{ layer, neuron, activation, strength },
          raises: writes ? wordOf(writes) : null,
        })),
      ),
    imports: [
      "from models.neurons.activity import strongest",
      "from models.neurons.words import neuron_words, writers",
    ],
    python: [
      `found = strongest(model, trace, ${position})`,
      "rows = [",
      "    (layer, int(neuron), float(value))",
      "    for layer, one in enumerate(found) if one",
      "    for neuron, value in zip(one.neurons, one.activations)",
      "]",
      `words = neuron_words(model, ${chosen.layer}, ${chosen.neuron})`,
      "print([model.token_text(one.token) for one in words.raises])",
      ...(searched ? [`print(writers(model, ${literal(searched)}))`] : []),
    ],
  };
}
