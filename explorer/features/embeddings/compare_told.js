// What is said of the states of two sides: the headline, the sentences beside the picture, what is saved.
import { decimals, percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").CompareStatesAnswer} CompareStatesAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

const UNMOVED = 1e-5; // of the mean length: less is rounding
const LEAST_TOKENS = 4;

/**
 * The two depths that are most alike; null where nothing is measured.
 * @param {readonly (readonly (number | null)[])[]} cka
 */
export function bestOf(cka) {
  /** @type {{ depth: number, other: number, value: number } | null} */
  let best = null;
  for (const [depth, row] of cka.entries())
    for (const [other, value] of row.entries())
      if (value !== null && value > (best?.value ?? Number.NEGATIVE_INFINITY)) best = { depth, other, value };
  return best;
}

/**
 * @param {CompareStatesAnswer} answer
 * @param {readonly TokenRow[]} tokens  of A
 */
export function headlineOf(answer, tokens) {
  if (!answer.same_model) return alikeSentence(answer);
  const { depth, pairs } = answer;
  if (!pairs.length) return _("No token of A has a counterpart on side B, so none can be said to have moved.");
  const [most, least] = [pairs[0], pairs.findLast(({ relative }) => relative !== null) ?? pairs[0]];
  if (pairs.every(({ relative }) => (relative ?? 0) < UNMOVED))
    return _("At depth {depth} every token that corresponds is the same on both sides.", { depth });
  const names = [most, least].map(({ position }) => wordName(tokens[position]));
  const values = { depth, most: names[0], least: names[1], cosine: decimals(most.cosine ?? 0, 2) };
  if (most === least) return _("At depth {depth} “{most}” moved: cosine {cosine}.", values);
  if ((least.relative ?? 0) < UNMOVED)
    return _("At depth {depth} “{most}” moved most: cosine {cosine}; “{least}” not at all.", values);
  const other = decimals(least.cosine ?? 0, 2);
  const both = { ...values, other };
  return _("At depth {depth} “{most}” moved most: cosine {cosine}; “{least}” least: {other}.", both);
}

/** @param {CompareStatesAnswer} answer */
function alikeSentence({ cka, counted }) {
  if (counted < LEAST_TOKENS) return tooFew(counted);
  const best = bestOf(cka);
  if (!best) return _("The tokens that correspond do not differ from each other, so there is no CKA.");
  const values = { depth: best.depth, other: best.other, cka: decimals(best.value, 2), counted };
  return _("Depth {depth} of A is most like depth {other} of B: CKA {cka}, over {counted} tokens.", values);
}

/** @param {number} counted */
const tooFew = (counted) =>
  _n(
    "CKA needs 4 tokens that correspond; here is {count}. Write a longer text on both sides.",
    "CKA needs 4 tokens that correspond; here are {count}. Write a longer text on both sides.",
    counted,
  );

/** @param {CompareStatesAnswer} answer */
const stackSentence = ({ stack, is_target: isTarget }) => {
  if (stack === "encoder") return _("Of an encoder-decoder, the encoder's residual is read.");
  return isTarget ? _("It is the decoder's residual that is read.") : "";
};

/** @param {CompareStatesAnswer} answer */
export function keyOf(answer) {
  if (!answer.same_model) return "";
  const shares = answer.explained.map((share) => percent(share ?? 0));
  return _("● A, □ B; a line joins tokens that correspond. The plane holds {first} and {second} of the variance.", {
    first: shares[0],
    second: shares[1] ?? percent(0),
  });
}

/** @param {CompareStatesAnswer} answer */
export function saidOf(answer) {
  const own = stackSentence(answer);
  if (answer.same_model) return own;
  const apart = _("Two models' spaces cannot be laid over each other: their axes mean nothing to one another.");
  if (!answer.cka.length) return `${apart} ${own}`;
  const cells = _("Each cell is the linear CKA, with unbiased HSIC, of one depth of A (up) and one of B (across).");
  const measured = _("It rests on {counted} tokens that correspond; below 0 is shown as 0 is.", {
    counted: answer.counted,
  });
  return `${apart} ${cells} ${measured} ${own}`;
}

/**
 * @param {CompareStatesAnswer} answer
 * @param {{ tokens: readonly TokenRow[], others: readonly TokenRow[] }} named
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(answer, { tokens, others }, parts) {
  const { same_model: isSame, stack, is_target: isTarget, depth, pairs, cka } = answer;
  const found = `counterparts(trace, other_trace, "${isTarget ? "target" : "source"}", same_vocabulary=same)`;
  const corresponding = [
    "same = has_same_vocabulary(model, other)",
    `pairs = [(a, b) for a, b in enumerate(${found}) if b is not None]`,
  ];
  const rowsAt = (/** @type {string} */ run, /** @type {string} */ at, /** @type {string} */ side) =>
    `contextual(${run}, ${at}, "${stack}").rows[[pair[${side}] for pair in pairs]]`;
  /** @type {(run: string, side: string) => string} */
  const all = (run, side) => `[${rowsAt(run, "depth", side)} for depth in range(len(${streamOf(run, stack)}))]`;
  return {
    name: isSame ? _("States of both sides") : _("CKA of both sides"),
    parts,
    settings: [
      ...(isSame ? /** @type {[string, number][]} */ ([[_("Depth"), depth]]) : []),
      [_("Tokens that correspond"), answer.counted],
      ...(stackSentence(answer) ? /** @type {[string, string][]} */ ([[_("Stack"), stack]]) : []),
    ],
    rows: () =>
      isSame
        ? pairs.map(({ position, other, cosine, relative }) => ({
            ...{ position, other, token: tokens[position].text, other_token: others[other].text, cosine, relative },
            ...{ x: answer.points[position][0], y: answer.points[position][1] },
            ...{ other_x: answer.other_points[other][0], other_y: answer.other_points[other][1] },
          }))
        : cka.flatMap((row, one) => row.map((value, other) => ({ depth: one, other_depth: other, cka: value }))),
    more: () => ({ explained: answer.explained, points: answer.points, other_points: answer.other_points }),
    imports: [
      "from models.comparison.correspondence import counterparts, has_same_vocabulary",
      "from models.vectors.embedding_tables import contextual",
      isSame ? "from models.comparison.states import apart" : "from models.comparison.cka import cka_by_depth",
    ],
    python: [
      ...corresponding,
      isSame
        ? `found = apart(${rowsAt("trace", String(depth), "0")}, ${rowsAt("other_trace", String(depth), "1")})`
        : `found = cka_by_depth(${all("trace", "0")}, ${all("other_trace", "1")})`,
    ],
  };
}

/**
 * @param {string} run
 * @param {string} stack
 */
const streamOf = (run, stack) =>
  stack === "encoder"
    ? `${run}.residual if ${run}.encoder_residual is None else ${run}.encoder_residual`
    : `${run}.residual`;
