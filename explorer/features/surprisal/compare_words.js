// Two runs' surprisal in sentences and as numbers: totals, the segment that makes most of the difference.
import { bits, decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";

/** @typedef {import("../../web/calls.d.ts").BothAnswer} BothAnswer */
/** @typedef {import("../../web/calls.d.ts").SegmentAnswer} SegmentAnswer */

/**
 * What a stretch cost side A beyond what it cost side B, in bits; null where one side has no score for it.
 * @param {SegmentAnswer} segment
 */
export const difference = ({ bits: one, other_bits: other }) => (one === null || other === null ? null : one - other);

/**
 * The end of the scale: the largest difference, rounded up to a tenth of a bit.
 * @param {readonly SegmentAnswer[]} segments
 */
export function limitOf(segments) {
  const most = Math.max(0.1, ...segments.map((segment) => Math.abs(difference(segment) ?? 0)));
  return Math.ceil(10 * most - 1e-9) / 10;
}

/**
 * How a stretch is called: its text, or both where they differ.
 * @param {SegmentAnswer} segment
 */
export function nameOf({ text, other_text: other }) {
  const [one, two] = [text, other].map((part) => (part === null ? null : part.trim() || part));
  return one === null || two === null || one === two ? (one ?? two ?? "") : `${one} / ${two}`;
}

/**
 * The bits of both sides over what is counted: of one text the stretches that both have a score for.
 * @param {BothAnswer} answer
 * @returns {[number, number]}
 */
export function totalBits({ found, one_text: isOne }) {
  const counted = found.segments.filter((segment) => !isOne || difference(segment) !== null);
  const sum = (/** @type {"bits" | "other_bits"} */ side) => counted.reduce((all, one) => all + (one[side] ?? 0), 0);
  return [sum("bits"), sum("other_bits")];
}

/**
 * The headline.
 * @param {BothAnswer} answer
 */
export function headlineOf({ found }) {
  const { bits_per_byte: one, other_bits_per_byte: other, segments } = found;
  if (one === null || other === null) return _("Nothing has a score on both sides.");
  const apart = segments.filter((segment) => difference(segment));
  if (!apart.length) return _("The same on both sides: {rate} bits per byte.", { rate: decimals(one, 2) });
  const sign = Math.sign(one - other) || 1;
  const gain = (/** @type {SegmentAnswer} */ segment) => sign * (difference(segment) ?? 0);
  const most = apart.reduce((best, segment) => (gain(segment) > gain(best) ? segment : best));
  const values = {
    ...{ side: sign > 0 ? "B" : "A", rate: decimals(Math.abs(one - other), 2) },
    ...{ word: nameOf(most), bits: bits(gain(most)) },
  };
  return _("{side} needs {rate} bits per byte less; “{word}” makes most of it: {bits}.", values);
}

/**
 * What the numbers are, and are not.
 * @param {BothAnswer} answer
 */
export function noteOf({ found, one_text: isOne, pseudo }) {
  const kinds = pseudo[0] !== pseudo[1];
  return [
    isOne
      ? _("Segments are the shortest stretches both sides spell with whole tokens; totals count the same bytes.")
      : _("Two texts: words that correspond stand together, hatched ones have no counterpart; each total is its own."),
    found.kl ? "" : _("Two vocabularies: no KL, and no comparison token by token."),
    pseudo.some(Boolean)
      ? _("Pseudo-log-likelihood (Salazar et al. 2020): each token guessed from all others; no probability of a text.")
      : "",
    kinds ? _("One side sees only what stands before a token, the other both sides of it: no fair race.") : "",
  ]
    .filter(Boolean)
    .join(" ");
}
