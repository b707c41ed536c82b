// A text as the model reads it: one tile per character group, line by line, each line beside what it costs.
import { closest, h, listbox } from "../../web/dom.js";
import { decimals } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { tile } from "../../web/tiles.js";
import { tokenName } from "../../web/tokens.js";
import { cellsOf, directionOf } from "./cells.js";
import { priceOf } from "./rows.js";

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {{ model: string, isSecond: boolean, row: Row }} Part  a line as one tokenizer cuts it */
/** @typedef {{ label: string, lang: string, parts: Part[] }} Line */
/** @typedef {{ part: Part, cell: Cell, place: HTMLElement, tone: number }} Item  cell: counted within its row */

const CHUNK = 1500; // tiles drawn before the page may breathe
const LONG = 24; // characters; a longer token may be broken over lines
const IDS_SHOWN = 3;

/**
 * @param {Item} item
 * @param {boolean} withIds
 */
function cellNode({ part, cell, tone }, withIds) {
  const tokens = part.row.tokens.slice(cell.first, cell.first + cell.count);
  const [token] = tokens;
  const ids = tokens.slice(0, IDS_SHOWN).map(({ id }) => String(id));
  const below = withIds ? [...ids, ...(tokens.length > IDS_SHOWN ? ["…"] : [])].join(" ") : null;
  return tile(tokenName(token), {
    below,
    class: "cell",
    "data-tone": tone,
    "data-special": token.special,
    "data-count": cell.count > 1 ? cell.count : null,
    "data-long": [...token.piece].length > LONG,
  });
}

/**
 * The bar of a line: as long as a character of it costs, against the dearest line.
 * @param {Part} part
 * @param {number} most  tokens per character
 */
function bar({ row, isSecond }, most) {
  const share = most ? priceOf(row) / most : 0;
  const perToken = _("{bytes} bytes per token", { bytes: decimals(row.bytes / Math.max(1, row.count), 1) });
  const line = h("span", { class: "price-bar", "data-second": isSecond, style: { width: `${100 * share}%` } });
  return h(
    "div",
    { class: "price", title: perToken },
    h("span", { class: "price-track" }, line),
    h("span", { class: "price-count" }, number(row.count), h("span", { class: "sr-only" }, _("tokens"))),
    h("span", { class: "price-share" }, decimals(priceOf(row), 2), h("span", { class: "sr-only" }, _("a character"))),
    h("span", { class: "sr-only" }, perToken),
  );
}

/** What the bars and the numbers beside them are; the numbers say it themselves to those who cannot see it. */
const barNames = () =>
  h(
    "div",
    { class: "strip-part strip-names", "aria-hidden": true },
    h("span"),
    h(
      "div",
      { class: "price" },
      h("span", { class: "price-track" }),
      h("span", { class: "price-count" }, _("tokens")),
      h("span", { class: "price-share" }, _("a character")),
    ),
  );

/**
 * @param {HTMLElement} root
 * @param {{ tell: (item: Item | null) => void, pick: (item: Item, index: number) => void, chosen: () => number }} hooks
 *   tell: a cell is pointed at or has the focus; pick: it is pressed; chosen: the index of the chosen one
 */
export function createStrip(root, { tell, pick, chosen }) {
  /** @type {Item[]} */
  let items = [];
  /** @type {HTMLElement[]} */
  let nodes = [];
  let drawing = 0;
  const list = listbox(root, {
    items: () => nodes,
    selected: chosen,
    onSelect: (index) => pick(items[index], index),
    onFocus: (index) => tell(items[index]),
    follow: false,
  });
  root.addEventListener("pointerover", (event) => {
    const cell = closest(event, ".cell");
    if (cell) tell(items[nodes.indexOf(cell)] ?? null);
  });

  /**
   * @param {Line} line
   * @param {number} most
   * @param {boolean} withBars
   */
  function lineNode({ label, lang, parts }, most, withBars) {
    const rows = parts.map((part) => {
      const named = [label, part.isSecond ? part.model : ""].filter(Boolean).join(", ") || null;
      const place = h("div", {
        class: "tiles strip-row",
        role: "group",
        "aria-label": named ?? part.model,
        lang: lang || null,
        dir: directionOf(part.row.text),
      });
      items.push(...cellsOf(part.row.tokens).map((cell, tone) => ({ part, cell, place, tone: tone % 2 })));
      return h("div", { class: "strip-part", "data-second": part.isSecond }, place, withBars && bar(part, most));
    });
    return h(
      "div",
      { class: "strip-line" },
      withBars && h("span", { class: "strip-label" }, label),
      h("div", null, rows),
    );
  }

  /**
   * Draws the tiles from `from` on, in parts so that a long text does not hold up the page.
   * @param {number} from
   * @param {boolean} withIds
   * @param {number} mine
   * @param {() => void} done
   */
  function fill(from, withIds, mine, done) {
    if (mine !== drawing) return;
    for (const item of items.slice(from, from + CHUNK)) {
      const node = cellNode(item, withIds);
      nodes.push(node);
      item.place.append(node);
    }
    if (from + CHUNK < items.length) requestAnimationFrame(() => fill(from + CHUNK, withIds, mine, done));
    else done();
  }

  return {
    list,
    get items() {
      return items;
    },
    /**
     * @param {readonly Line[]} lines
     * @param {{ withBars: boolean, done: () => void }} options
     */
    draw(lines, { withBars, done }) {
      const most = Math.max(...lines.flatMap(({ parts }) => parts.map(({ row }) => priceOf(row))));
      [items, nodes] = [[], []];
      const names = withBars
        ? [h("div", { class: "strip-line" }, h("span", { class: "strip-label" }), barNames())]
        : [];
      root.replaceChildren(...names, ...lines.map((line) => lineNode(line, most, withBars)));
      fill(0, !withBars, ++drawing, done);
    },
  };
}
