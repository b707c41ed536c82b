// The waterfall as it is saved: every part with what it adds, and the lines of Python that compute it.
import { _ } from "../../web/language.js";
import { keywords, literal } from "../../web/saving/python.js";
import { wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").WaterfallAnswer} WaterfallAnswer */
/** @typedef {import("../../web/calls.d.ts").SumAnswer} SumAnswer */
/** @typedef {import("../../web/saving/offer.js").Row} Row */
/** @typedef {import("./opened.js").Opened} Opened */

/**
 * @param {SumAnswer} sum
 * @returns {Row[]}
 */
export function rowsOf({ parts, rest, others, sum, total, remainder }) {
  const empty = { layer: null, head: null, position: null, neuron: null };
  return [
    ...parts.map((part) => ({ ...part })),
    ...(others ? [{ name: "rest", ...empty, value: rest }] : []),
    { name: "sum", ...empty, value: sum },
    { name: "total", ...empty, value: total },
    { name: "remainder", ...empty, value: remainder },
  ];
}

/**
 * @param {WaterfallAnswer} answer
 * @param {SumAnswer} sum  what is on the screen
 * @param {Opened | null} opened
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(answer, sum, opened, parts) {
  const { token, against, position } = answer;
  const asked = { position, token: `#${token.id}`, against: against ? `#${against.id}` : "" };
  const given = keywords(asked, { against: "" });
  const place = opened?.part ? `, Place(${keywords({ ...opened, blocks: null }, { blocks: null, head: null })})` : "";
  return {
    name: _("Contributions"),
    parts,
    settings: [
      [_("Token"), wordOf(token)],
      ...(against ? /** @type {[string, string][]} */ ([[_("Rather than"), wordOf(against)]]) : []),
      [_("Position"), position],
    ],
    rows: () => rowsOf(sum),
    imports: place ? ["from models.contributions.ask import Place, inside"] : [],
    python: [
      place
        ? `found = inside(model, trace${place}, ${given}, count=1000)`
        : `found = trace.contributions(${given}, count=1000)`,
      "rows = [(part.name, part.layer, part.head, part.position, part.neuron, part.value) for part in found.parts]",
      `print(found.sum, found.total, found.remainder)  # of ${literal(wordOf(token))}`,
    ],
  };
}
