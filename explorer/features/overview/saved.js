// The picture of the whole model as it is saved: every connection, every guess and every bar, as numbers.
import { _ } from "../../web/language.js";
import { candidateRow } from "../../web/saving/rows.js";

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("../../web/saving/offer.js").Row} Row */

/**
 * @param {FlowAnswer} answer
 * @returns {Row[]}
 */
export function rowsOf({ position, looks, rows, target_rows: targets, depths, candidates }) {
  /** @type {(look: FlowAnswer["looks"][number]) => Row} */
  const link = ({ kind, layer, head, row, weight }) => {
    const { first, last } = (kind === "decoder" && targets.length ? targets : rows)[row];
    return { part: "look", kind, layer, head, first, last, weight };
  };
  return [
    ...looks.map(link),
    ...depths.flatMap(({ guesses }, place) => {
      const depth = depths.length > 1 ? place : null; // the last one alone, where the others cannot be read
      return guesses.map(({ id, text, probability }) => ({ part: "guess", position, depth, id, text, probability }));
    }),
    ...candidates.map((one) => ({ part: "next", position, ...candidateRow(one) })),
  ];
}

/**
 * Lines of Python that make the guesses at every depth and the bars; the connections are rows of `trace.attention`.
 * @param {FlowAnswer} answer
 */
function pythonOf({ position, depths, candidates }) {
  const read =
    depths.length > 1
      ? [
          `found = depth_readings(trace, ${position}, ${depths[0].guesses.length})`,
          "guesses = [",
          '    {"depth": depth, "id": int(one), "text": model.token_text(int(one)), "probability": share}',
          "    for depth, (ids, shares) in enumerate(zip(found.ids, found.probabilities.tolist(), strict=True))",
          "    for one, share in zip(ids, shares, strict=True)",
          "]",
        ]
      : ["guesses = []  # the residual stream of this model cannot be read at other depths"];
  return [
    ...read,
    `bars = distribution(trace.logits_at(${position}), Sampling()).top(${candidates.length})`,
    'following = [{"id": one.id, "text": model.token_text(one.id), "probability": one.probability} for one in bars]',
    "rows = guesses + following",
  ];
}

/**
 * @param {{ answer: FlowAnswer }} scene
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ answer }, parts) {
  const readings = answer.depths.length > 1 ? ["from models.engine.readings import depth_readings"] : [];
  return {
    name: _("Overview"),
    parts,
    settings: [[_("Followed position"), answer.position]],
    rows: () => rowsOf(answer),
    imports: [...readings, "from models.generation.sampling import distribution"],
    python: pythonOf(answer),
  };
}
