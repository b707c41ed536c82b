// The sweeps as they are saved: every cell with its place, and the Python that computes them.
import { changeName } from "../../web/change_names.js";
import { _ } from "../../web/language.js";
import { keywords, literal } from "../../web/saving/python.js";
import { metricNames, ofNames, panelNames, shownText } from "./sweep_words.js";

/** @typedef {import("./sweep_grid.js").Panel} Panel */
/** @typedef {import("./sweep_form.js").Texts} Texts */
/** @typedef {import("../../web/store.js").Change} Change */

/**
 * @param {readonly Panel[]} panels
 * @param {import("../../web/calls.d.ts").PairAnswer} pair
 * @param {{ of: string, metric: string, texts: Texts, changes: Change[], direction: string, parts: Element[] }} view
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(panels, pair, { of, metric, texts, changes, direction, parts }) {
  const told = { of, direction, metric };
  const given = keywords(told, { of: "residual", direction: "denoise", metric: "logit_difference" });
  const traces = [texts.text, texts.other].map((text) => {
    const read = [literal(text), ...(texts.target ? [literal(texts.target)] : [])].join(", ");
    return `model.trace(${read})`;
  });
  const words = `"#${pair.answer.id}", "#${pair.foil.id}"`;
  return {
    name: _("Sweep"),
    parts,
    settings: [
      [_("Swept under changes"), changes.map(changeName).join("; ")],
      [_("Clean text"), texts.text],
      [_("Corrupted text"), texts.other],
      [_("Answer"), shownText(pair.answer.text)],
      [_("Rather than"), shownText(pair.foil.text)],
      [_("Patched"), ofNames().find(([name]) => name === of)?.[1] ?? of],
      [_("Metric"), metricNames().find(([name]) => name === metric)?.[1] ?? metric],
    ],
    isOfRun: false,
    rows: () =>
      panels.flatMap((panel) =>
        panel.values.flatMap((cells, row) =>
          cells.map((value, place) => {
            const { stack, attention, position, from_position, head, text, from_text } = panel.columns[place];
            return {
              ...{ picture: panelNames(panel.direction)[0], row, column: place, stack, attention, head },
              ...{ position, text, from_position, from_text, value: value ?? null },
            };
          }),
        ),
      ),
    more: () => ({ pair }),
    imports: ["from models.sweeps.pair import pair_of", "from models.sweeps.sweep import sweep"],
    python: [
      ...(changes.length ? [`model = model.changed(${literal(changes)}, ${literal(texts.text)})`] : []),
      `pair = pair_of(model, ${traces[0]}, ${traces[1]}, ${words})`,
      `found = sweep(model, pair${given ? `, ${given}` : ""})`,
      "print(found.scale)",
      "print(found.values.round(2))",
    ],
  };
}
