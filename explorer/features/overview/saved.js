// The picture of the whole model as it is saved: every connection, every guess and every bar, as numbers.
import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { candidateRow } from "../../web/saving/rows.js";
import { guessName } from "./sentences.js";

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("../../web/calls.d.ts").CountsAnswer} CountsAnswer */
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
 * What each part adds to the logit, and the depth where its token first leads.
 * @param {CountsAnswer} counts
 * @returns {Row[]}
 */
function countedRows({ parts, token, first, position }) {
  const added = parts.map(({ name, layer, head, value }) => ({ part: "adds", name, layer, head, value, ...of(token) }));
  return first === null ? added : [...added, { part: "first leads", position, depth: first, ...of(token) }];
}

/** @param {CountsAnswer["token"]} token */
const of = ({ id, text }) => ({ id, text });

/** @param {CountsAnswer} counts */
function countedPython({ token, against, position }) {
  const asked = { position, token: `#${token.id}`, against: against ? `#${against.id}` : "", by: "head", count: 10000 };
  return [
    `counted = trace.contributions(${keywords(asked, { against: "" })})`,
    "rows += [",
    '    {"part": part.name, "layer": part.layer, "head": part.head, "value": part.value} for part in counted.parts',
    "]",
  ];
}

/**
 * @param {{ answer: FlowAnswer, counts: CountsAnswer | null }} scene
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ answer, counts }, parts) {
  const readings = answer.depths.length > 1 ? ["from models.engine.readings import depth_readings"] : [];
  const asked = counts ? /** @type {[string, string][]} */ ([[_("What counts for"), guessName(counts.token)]]) : [];
  return {
    name: _("Overview"),
    parts,
    settings: [[_("Followed position"), answer.position], ...asked],
    rows: () => [...rowsOf(answer), ...(counts ? countedRows(counts) : [])],
    imports: [...readings, "from models.generation.sampling import distribution"],
    python: [...pythonOf(answer), ...(counts?.parts.length ? countedPython(counts) : [])],
  };
}
