// What is said about one cell of a strip: each of its tokens with its number and its bytes.
import { h } from "../../web/dom.js";
import { _, _n } from "../../web/language.js";
import { tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("./cells.js").Cell} Cell */

/** @type {[() => string, (token: TokenRow, position: number) => string | number][]} */
const FACTS = [
  [() => _("position"), (_token, position) => position],
  [() => _("id"), (token) => token.id],
  [() => _("piece"), (token) => token.piece],
  [() => _("bytes"), (token) => token.bytes || _("none")],
  [() => _("characters"), (token) => (token.end > token.start ? span(token) : _("none"))],
];

/** @param {TokenRow} token */
const span = ({ start, end }) => _("{start} to {end}", { start: String(start), end: String(end) });

/**
 * @param {string} name
 * @param {string | number} value
 */
const fact = (name, value) => h("span", null, h("b", null, name), h("code", { dir: "auto" }, value));

/**
 * @param {readonly TokenRow[]} tokens  of one row
 * @param {Cell} cell
 * @param {number} start  the position of the row's first token
 * @param {string} owner  whose tokens these are, where two tokenizers are shown
 */
export function details(tokens, { first, count }, start, owner) {
  const name = h("h3", { class: "detail-name", dir: "auto" }, tokenName(tokens[first]));
  const rows = tokens.slice(first, first + count).map((token, offset) => {
    const facts = FACTS.map(([named, read]) => fact(named(), read(token, start + first + offset)));
    return h("p", null, facts, token.special && fact(_("special"), _("yes")));
  });
  const heads = [name, owner && h("p", { class: "note" }, owner)];
  if (count === 1) return [...heads, ...rows];
  const why = _n(
    "{name} takes {count} token: the model spells it in parts.",
    "{name} takes {count} tokens: the model spells it in parts.",
    count,
    { name: tokenName(tokens[first]) },
  );
  return [...heads, h("p", null, why), ...rows];
}
