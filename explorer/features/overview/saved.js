// The Overview as a file: the drawing as it stands, and every number in it.
import { _ } from "../../web/language.js";
import { guessName, seenName, wordOf } from "./sentences.js";

/** @typedef {import("./sentences.js").Shown} Shown */
/** @typedef {import("../../web/saving/offer.js").Picture} Picture */

/**
 * @param {Shown} shown
 * @param {Element} picture
 * @returns {Picture}
 */
export function saved(shown, picture) {
  return {
    name: _("Overview"),
    parts: [picture],
    rows: () => [...looks(shown), ...guesses(shown), ...candidates(shown)],
    python: pythonOf(shown),
  };
}

/** @param {Shown} shown */
const looks = (shown) =>
  shown.answer.looks.map((look) => ({
    what: "attention",
    kind: look.kind,
    layer: look.layer,
    head: look.head,
    text: seenName(shown, look),
    value: look.weight,
  }));

/** @param {Shown} shown */
const guesses = ({ answer }) =>
  answer.depths.flatMap(({ guesses: found }, depth) =>
    found.map((guess, rank) => ({
      what: "reading",
      depth,
      rank: rank + 1,
      text: guessName(guess),
      value: guess.probability,
    })),
  );

/** @param {Shown} shown */
const candidates = ({ answer }) =>
  answer.candidates.map((one) => ({ what: "answer", rank: one.rank, text: wordOf(one), value: one.probability }));

/** @param {Shown} shown */
function pythonOf({ answer, facts }) {
  const kind = facts.attention_kinds[facts.attention_kinds.length - 1].kind;
  const { position } = answer;
  const row = `slice(${position}, ${position + 1})`;
  return [
    `answer = trace.logits_at(${position})  # over the whole vocabulary`,
    `readings = [trace.lens(depth, positions=${row})[0] for depth in range(trace.layers + 1)]`,
    `layers = range(trace.layers_of("${kind}"))`,
    `looks = [trace.attention(layer, kind="${kind}", queries=${row})[:, 0] for layer in layers]`,
  ];
}
