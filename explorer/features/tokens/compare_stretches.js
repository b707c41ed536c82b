// Stretches as columns: the first side's tokens over the other's, each row as wide as the wider of the two.
import { diverging, shade } from "../../web/colour.js";
import { closest, h, listbox } from "../../web/dom.js";
import { _, number } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { tile } from "../../web/tiles.js";
import { isBreak, joinGroups, tokenName } from "../../web/tokens.js";
import { cellsOf, directionOf } from "./cells.js";

/** @typedef {import("../../web/calls.d.ts").CompareCutsAnswer} CompareCutsAnswer */
/** @typedef {import("../../web/calls.d.ts").CutsAnswer} CutsAnswer */
/** @typedef {import("../../web/calls.d.ts").StretchAnswer} StretchAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {{ stack: "source" | "target", cuts: CutsAnswer, stretch: StretchAnswer }} Item */
/** @typedef {"alike" | "more" | "less" | "elsewhere" | "alone"} Kind  more: tokens of A */

const TINT = 0.26; // from the middle of the diverging scale

/**
 * How the two sides of a stretch compare.
 * @param {CutsAnswer} cuts
 * @param {StretchAnswer} stretch
 * @returns {Kind}
 */
export function kindOf(cuts, { positions, others }) {
  if (!positions.length || !others.length) return "alone";
  if (positions.length !== others.length) return positions.length > others.length ? "more" : "less";
  if (cuts.borders === null || positions.length === 1) return "alike";
  return positions.every((at, place) => cuts.tokens[at].bytes === cuts.others[others[place]].bytes)
    ? "alike"
    : "elsewhere";
}

/**
 * The stretches of each line; the one that holds a line break ends its line.
 * @param {CutsAnswer} cuts
 * @returns {StretchAnswer[][]}
 */
export function linesOf(cuts) {
  /** @type {StretchAnswer[][]} */
  const lines = [[]];
  for (const stretch of cuts.stretches) {
    lines[lines.length - 1].push(stretch);
    const tokens = [
      ...stretch.positions.map((at) => cuts.tokens[at].text),
      ...stretch.others.map((at) => cuts.others[at].text),
    ];
    if (tokens.some(isBreak)) lines.push([]);
  }
  return lines.filter((line) => line.length);
}

/**
 * @param {readonly TokenRow[]} tokens
 * @param {readonly number[]} positions
 * @param {number | null} share  on the diverging scale
 */
function rowNode(tokens, positions, share) {
  const mine = positions.map((at) => tokens[at]);
  const cells = cellsOf(mine).map(({ first, count }) => {
    const token = mine[first];
    const marks = { "data-special": token.special, "data-count": count > 1 ? count : null };
    const node = tile(tokenName(token), { class: "cell", "data-tone": positions[first] % 2, ...marks });
    if (share !== null) shade(node, share, diverging);
    return node;
  });
  return h("span", { class: "cuts-row", "data-none": !mine.length }, cells);
}

/**
 * @param {Item} item
 */
function stretchNode({ cuts, stretch }) {
  const kind = kindOf(cuts, stretch);
  const share = { more: 0.5 + TINT, less: 0.5 - TINT, alike: null, elsewhere: null, alone: null }[kind];
  /** @type {(tokens: readonly TokenRow[], at: readonly number[]) => string} */
  const said = (tokens, at) => at.map((place) => tokenName(tokens[place])).join(" | ") || _("nothing");
  const label = _("A: {one}; B: {other}", {
    one: said(cuts.tokens, stretch.positions),
    other: said(cuts.others, stretch.others),
  });
  return h(
    "span",
    { class: "cuts-stretch", "data-kind": kind, "aria-label": label, title: label },
    rowNode(cuts.tokens, stretch.positions, share),
    rowNode(cuts.others, stretch.others, share),
  );
}

/**
 * @param {HTMLElement} root
 * @param {{ pick: (item: Item) => void, tell: (item: Item | null) => void,
 *   chosen: (items: readonly Item[]) => number }} hooks
 *   chosen: the index of the chosen one
 */
export function createStretches(root, { pick, tell, chosen }) {
  /** @type {Item[]} */
  let items = [];
  /** @type {HTMLElement[]} */
  let nodes = [];
  const list = listbox(root, {
    items: () => nodes,
    selected: () => chosen(items),
    onSelect: (index) => pick(items[index]),
    onFocus: (index) => tell(items[index]),
    follow: false,
  });
  root.setAttribute("aria-label", _("Stretches that both sides spell with whole tokens"));
  root.addEventListener("pointerover", (event) => {
    const node = closest(event, ".cuts-stretch");
    if (node) tell(items[nodes.indexOf(node)] ?? null);
  });
  root.addEventListener("pointerleave", () => tell(null));

  /**
   * @param {"source" | "target"} stack
   * @param {CutsAnswer} cuts
   */
  function linesNode(stack, cuts) {
    const lines = linesOf(cuts);
    return lines.map((line, place) => {
      const mine = line.map((stretch) => ({ stack, cuts, stretch }));
      const drawn = mine.map(stretchNode);
      items.push(...mine);
      nodes.push(...drawn);
      const total = (/** @type {"positions" | "others"} */ side) =>
        number(line.reduce((sum, stretch) => sum + stretch[side].length, 0));
      const text = joinGroups(line.flatMap(({ positions }) => positions.map((at) => cuts.tokens[at])));
      return h(
        "div",
        { class: "cuts-line", role: "group", "aria-label": _("line {number}", { number: place + 1 }) },
        h("div", { class: "cuts-stretches", dir: directionOf(text) }, drawn),
        lines.length > 1 &&
          h(
            "span",
            { class: "cuts-total", title: _("tokens of each side in this line") },
            h("span", null, total("positions")),
            h("span", null, total("others")),
          ),
      );
    });
  }

  return {
    list,
    get items() {
      return items;
    },
    chosen: () => items[chosen(items)] ?? null,
    /** @param {CompareCutsAnswer} answer */
    draw({ source, target }) {
      [items, nodes] = [[], []];
      const first = linesNode("source", source);
      const second = target ? [h("h3", { class: "cuts-name" }, _("Target")), ...linesNode("target", target)] : [];
      root.replaceChildren(...first, ...second);
    },
    /** Names the sides at the beginning of each row, as the rows have come to lie. */
    markRows() {
      for (const letters of root.querySelectorAll(".cuts-letters")) letters.remove();
      let line = /** @type {Element | null} */ (null);
      let top = -1;
      for (const node of nodes) {
        if (node.parentElement === line && node.offsetTop === top) continue;
        [line, top] = [node.parentElement, node.offsetTop];
        const style = { top: `${top}px`, height: `${node.offsetHeight}px` };
        const letters = h(
          "span",
          { class: "cuts-letters", "aria-hidden": true, style },
          sideLetter("A"),
          sideLetter("B"),
        );
        line?.append(letters);
      }
    },
  };
}
