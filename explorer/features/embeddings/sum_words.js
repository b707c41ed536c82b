// Word arithmetic in words: what a sum gives, and how often such sums are right.
import { decimals, percentWhole } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { wordOf } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").ArithmeticAnswer} Sum */
/** @typedef {import("../../web/calls.d.ts").RelationScore} Relation */

/**
 * A sum and its answer in one sentence.
 * @param {Pick<Sum, "inputs" | "results">} sum
 */
export function sumSentence({ inputs, results }) {
  const [a, b, c] = inputs.map(({ text }) => wordOf(text));
  const [best] = results;
  if (!best) return _("{a} − {b} + {c} is near nothing", { a, b, c });
  const values = { a, b, c, answer: wordOf(best.text), cosine: decimals(best.cosine ?? 0, 2) };
  return _("{a} − {b} + {c} is nearest to “{answer}”: cosine {cosine}", values);
}

/**
 * A share of all questions.
 * @param {number} right
 * @param {number} tried
 */
export const share = (right, tried) => (tried ? percentWhole(right / tried) : "");

/**
 * @param {readonly Relation[]} relations
 * @param {"tried" | "right" | "inputs_allowed"} name
 */
const total = (relations, name) => relations.reduce((sum, relation) => sum + relation[name], 0);

/** @param {readonly Relation[]} relations */
export function reliability(relations) {
  const tried = total(relations, "tried");
  if (!tried) return _("None of the words of our list is a single token of this model, so nothing could be measured.");
  const values = {
    tried,
    right: share(total(relations, "right"), tried),
    allowed: share(total(relations, "inputs_allowed"), tried),
  };
  return _(
    "Is this reliable? Of {tried} such sums {right} are right; if the three words may be answers, {allowed}.",
    values,
  );
}
