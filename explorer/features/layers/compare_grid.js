// The grid of two runs: a cell holds their distance, or where vocabularies differ the shares of both, A over B.
import { saying, sequential, shade } from "../../web/colour.js";
import { h } from "../../web/dom.js";
import { bits, percent, percentWhole } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").CompareLayersAnswer} CompareLayersAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/**
 * @typedef {object} Shown
 * @property {CompareLayersAnswer} answer
 * @property {readonly TokenRow[]} tokens
 * @property {readonly number[]} depths  that have a row
 * @property {number} limit  bits at the end of the scale
 */

/**
 * Draws all rows anew, the last depth at the top.
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
export function drawPair(root, shown) {
  const { tokens, depths } = shown;
  root.style.gridTemplateColumns = `max-content repeat(${tokens.length}, minmax(var(--layers-column), 1fr))`;
  root.style.setProperty("--layers-count", String(tokens.length));
  root.dataset.tokens = "bottom";
  root.setAttribute("aria-rowcount", String(depths.length + 1));
  root.setAttribute("aria-colcount", String(tokens.length + 1));
  const names = tokens.map((token, position) => {
    const marks = { class: "layers-token", role: "columnheader", dir: "auto", "data-position": position };
    return h("div", { ...marks, title: tokenName(token) }, h("span", null, tokenName(token)));
  });
  const corner = h("div", { class: "layers-corner", role: "columnheader", "data-side": "start" }, _("depth A | B"));
  root.replaceChildren(
    ...depths.toReversed().map((depth) => rowNode(shown, depth)),
    h("div", { class: "layers-row", role: "row" }, corner, names),
  );
}

/**
 * @param {Shown} shown
 * @param {number} depth
 */
function rowNode(shown, depth) {
  const { depth: one, other_depth: other } = shown.answer.depths[depth];
  const name = `${one} | ${other}`;
  return h(
    "div",
    { class: "layers-row", role: "row" },
    h("div", { class: "layers-depth", role: "rowheader", "data-depth": depth }, name),
    shown.tokens.map((token, position) => cellNode(shown, depth, position, tokenName(token))),
  );
}

/**
 * @param {Shown} shown
 * @param {number} depth
 * @param {number} position
 * @param {string} token
 */
function cellNode({ answer, limit }, depth, position, token) {
  const marks = { role: "gridcell", tabindex: -1, "aria-selected": false, "data-depth": depth };
  const place = { depth, token };
  if (answer.same_vocabulary) {
    const value = answer.distances[depth][position];
    const said = value === null ? _("no counterpart on side B") : bits(value, 3);
    const title = _("Depth {depth} at “{token}”: {value}", { ...place, value: said });
    const shown = { class: "layers-cell", "data-none": value === null, title, "aria-label": title };
    const node = h("div", { ...marks, ...shown, "data-position": position }, value === null ? "" : number(value, 2));
    if (value !== null) shade(node, value / limit, sequential);
    return node;
  }
  const values = [answer.shares[depth][position], answer.other_shares[depth][position]];
  const [one, other] = values.map((value) => (value === null ? _("none") : percent(value)));
  const title = _("Depth {depth} at “{token}”, the last word of A: A {one}, B {other}", { ...place, one, other });
  const halves = values.map((value) => {
    const half = h("span", { "data-none": value === null }, value === null ? "" : percentWhole(value));
    if (value !== null) shade(half, value, saying);
    return half;
  });
  const shown = { class: "layers-cell lens-halves", title, "aria-label": title };
  return h("div", { ...marks, ...shown, "data-position": position }, halves);
}
