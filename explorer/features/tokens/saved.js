// The tokens as they are saved: as tiles or rows, and each with its number and its bytes.
import { _ } from "../../web/language.js";
import { literal } from "../../web/saving/python.js";

/** @typedef {import("./cut.js").Cut} Cut */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("../../web/saving/offer.js").Row} Row */

const PYTHON = ["rows = [(token.id, token.text, token.start, token.end) for token in tokens]"];

/**
 * @param {readonly TokenRow[]} tokens
 * @param {string} model
 * @param {"text" | "target"} stack
 * @returns {Row[]}
 */
const rowsOf = (tokens, model, stack) =>
  tokens.map(({ id, text, piece, bytes, start, end, special }, position) => ({
    ...{ model, stack, position, id, text, piece, bytes, start, end, special },
  }));

/** @param {Cut} cut */
const rows = ({ model, tokens, target_tokens: targets, second }) => [
  ...rowsOf(tokens, model, "text"),
  ...rowsOf(targets, model, "target"),
  ...(second?.tokens ? rowsOf(second.tokens, second.model, "text") : []),
];

/**
 * @param {Cut} cut
 * @param {{ name: string, parts: Element[] }} picture
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(cut, { name, parts }) {
  const { text, target, second } = cut;
  /** @type {[string, string][]} */
  const settings = [[_("Text"), text]];
  if (target) settings.push([_("Target"), target]);
  if (second) settings.push([_("Second tokenizer"), second.model]);
  const tokens = [`tokens = model.tokenize(${literal(text)})`];
  return { name, parts, settings, rows: () => rows(cut), python: [...tokens, ...PYTHON], isOfRun: false };
}
