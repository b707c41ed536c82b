// Two sides' next tokens in sentences: who says what, how far apart they are, what their table leaves out.
import { bits, decimals, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").NextOfBothAnswer} NextOfBothAnswer */
/** @typedef {import("../../web/calls.d.ts").JoinedAnswer} JoinedAnswer */

/**
 * The row a side draws most likely.
 * @param {readonly JoinedAnswer[]} rows
 * @param {0 | 1} side
 */
function bestOf(rows, side) {
  const share = (/** @type {JoinedAnswer} */ row) => row.sides[side]?.final_probability ?? -1;
  return rows.reduce((best, row) => (share(row) > share(best) ? row : best));
}

/**
 * The headline.
 * @param {NextOfBothAnswer} answer  with the likeliest token of each side among its rows
 */
export function sidesHeadline({ rows, distance }) {
  const [one, other] = [bestOf(rows, 0), bestOf(rows, 1)];
  const shares = [one.sides[0]?.final_probability ?? 0, other.sides[1]?.final_probability ?? 0];
  const values = { one: wordName(one), other: wordName(other), share: percent(shares[0]), beside: percent(shares[1]) };
  if (distance?.js === 0) return _("The same on both sides: “{one}” {share}.", values);
  const start =
    one === other
      ? _("Both say “{one}”: A {share}, B {beside}", values)
      : _("A says “{one}” {share}, B “{other}” {beside}", values);
  return distance ? _("{start}; JS {bits}.", { start, bits: bits(distance.js, 2) }) : `${start}.`;
}

/** @param {number | null} value */
const kl = (value) => (value === null ? _("∞") : bits(value, 2));

/** @param {NextOfBothAnswer} answer */
export function distanceSentence({ distance, sides }) {
  const choices = sides.map(({ final_entropy: entropy }) => decimals(2 ** entropy, 1));
  const unsure = _("A is as unsure as among {one} equally likely tokens, B among {other}.", {
    one: choices[0],
    other: choices[1],
  });
  if (!distance) return unsure;
  const values = {
    ...{ kl: kl(distance.kl), reverse: kl(distance.reverse_kl), js: bits(distance.js, 2) },
    ...{ overlap: distance.overlap, top: distance.top },
  };
  const apart = _("KL(A‖B) {kl}, KL(B‖A) {reverse}, JS {js}; {overlap} of the {top} likeliest are shared.", values);
  return `${apart} ${unsure}`;
}

/** @param {NextOfBothAnswer} answer */
export function sidesNote({ distance, sides }) {
  const gaps = sides.filter(({ gap }) => gap).length;
  const place = gaps === 1 ? _("One side guesses its first mask, the other what follows the text.") : "";
  if (!distance) {
    const join = _("Two vocabularies: tokens are joined by what they spell, and one a side does not have has no bar.");
    return [join, _("KL and JS are defined within one vocabulary only."), place].filter(Boolean).join(" ");
  }
  const infinite = distance.kl === null || distance.reverse_kl === null;
  return infinite ? _("∞: the rules of one side removed a token that the other may draw.") : "";
}
