// The grid of positions and depths: its rows, their colours, and how keys move through it.

import { saying, shade } from "../../web/colour.js";
import { closest, h } from "../../web/dom.js";
import { bits, percentWhole } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { tokenName } from "../../web/tokens.js";
import { cellTitle, MEASURES, shortName } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").GridAnswer} GridAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("./words.js").Measure} Measure */
/** @typedef {{ depth: number, position: number }} Place */
/**
 * @typedef {object} Shown
 * @property {GridAnswer} grid
 * @property {readonly TokenRow[]} tokens
 * @property {number[]} depths  those that have a row, from the embedding on
 * @property {Measure} by
 * @property {boolean} onlyWords
 * @property {boolean} down  whether depth grows downwards
 */

/**
 * The depths that have a row: all that fit, else evenly chosen ones, with the ends and those that must be seen.
 * @param {number} count
 * @param {number} most
 * @param {readonly number[]} wanted
 */
export function rowsOf(count, most, wanted = []) {
  const every = Math.max(1, Math.ceil((count - 1) / Math.max(1, most - 1)));
  const chosen = Array.from({ length: count }, (_one, depth) => depth).filter(
    (depth) => depth % every === 0 || depth === count - 1 || wanted.includes(depth),
  );
  return { depths: chosen, every };
}

/**
 * Draws all rows anew.
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
export function drawGrid(root, shown) {
  const { grid, tokens, depths, down } = shown;
  const faithful = grid.faithfulness;
  const columns = `max-content repeat(${tokens.length}, minmax(var(--layers-column), 1fr))`;
  root.style.gridTemplateColumns = faithful ? `${columns} max-content` : columns;
  root.style.setProperty("--layers-count", String(tokens.length));
  root.dataset.tokens = down ? "top" : "bottom";
  root.setAttribute("aria-rowcount", String(depths.length + 1));
  root.setAttribute("aria-colcount", String(tokens.length + 1));
  const rows = (down ? depths : depths.toReversed()).map((depth) => rowNode(shown, depth));
  const names = h(
    "div",
    { class: "layers-row", role: "row" },
    h("div", { class: "layers-corner", role: "columnheader", "data-side": "start" }, _("depth")),
    tokens.map((token, position) =>
      h(
        "div",
        {
          class: "layers-token",
          role: "columnheader",
          dir: "auto",
          title: tokenName(token),
          "data-position": position,
        },
        h("span", null, shortName({ ...token, text: tokenName(token), special: true })),
      ),
    ),
    faithful &&
      h(
        "div",
        { class: "layers-corner", role: "columnheader", "data-side": "end", title: faithfulTitle() },
        _("agrees"),
        h("span", { class: "layers-kl" }, _("KL")),
      ),
  );
  root.replaceChildren(...(down ? [names, ...rows] : [...rows, names]));
}

const faithfulTitle = () =>
  _("On held-out text: how often the first guess here is the model's own, and the KL from the model in bits");

/**
 * @param {Shown} shown
 * @param {number} depth
 */
function rowNode(shown, depth) {
  const { grid, tokens } = shown;
  const faithful = grid.faithfulness;
  return h(
    "div",
    { class: "layers-row", role: "row" },
    h("div", { class: "layers-depth", role: "rowheader", "data-depth": depth }, String(depth)),
    tokens.map((_token, position) => cellNode(shown, depth, position)),
    faithful && agreement(faithful.agreement[depth] ?? 0, faithful.kl[depth] ?? 0),
  );
}

/**
 * @param {number} share
 * @param {number} kl
 */
function agreement(share, kl) {
  const title = _("{share} of held-out first guesses agree; {kl} bits from the model", {
    share: percentWhole(share),
    kl: number(kl, 2),
  });
  return h(
    "div",
    { class: "layers-agrees", role: "gridcell", title, "aria-label": title },
    percentWhole(share),
    h("span", { class: "layers-meter" }, h("span", { style: { width: `${100 * share}%` } })),
    h("span", { class: "layers-kl" }, bits(kl)),
  );
}

/**
 * @param {Shown} shown
 * @param {number} depth
 * @param {number} position
 */
function cellNode({ grid, tokens, by, onlyWords }, depth, position) {
  const best = grid.best[depth][position];
  const place = onlyWords ? grid.word[depth][position] : best;
  const measure = MEASURES[by];
  const title = cellTitle(grid, depth, position, tokenName(tokens[position]));
  const marks = { "data-own": place === grid.own[position], "data-second": place !== best };
  const text = by === "probability" ? "" : `\n${measure.written(grid, depth, position, onlyWords)}`;
  const node = h(
    "div",
    {
      ...{ class: "layers-cell", role: "gridcell", tabindex: -1, title: title + text, "aria-label": title },
      ...{ "aria-selected": false, draggable: "true", "data-depth": depth, "data-position": position, ...marks },
    },
    h("span", { dir: "auto" }, shortName(grid.entries[place])),
  );
  shade(node, measure.of(grid, depth, position, onlyWords), saying);
  return node;
}

/**
 * Marks the chosen cell, its row and its column; it alone can be reached by the Tab key.
 * @param {HTMLElement} root
 * @param {Place | null} chosen
 */
export function markCell(root, chosen) {
  for (const node of root.querySelectorAll("[aria-selected=true], .is-chosen")) {
    node.classList.remove("is-chosen");
    if (node.hasAttribute("aria-selected")) node.setAttribute("aria-selected", "false");
  }
  for (const node of root.querySelectorAll(".layers-cell[tabindex='0']")) node.setAttribute("tabindex", "-1");
  if (!chosen) return null;
  const cell = cellAt(root, chosen);
  cell?.setAttribute("aria-selected", "true");
  (cell ?? root.querySelector(".layers-cell"))?.setAttribute("tabindex", "0");
  root.querySelector(`.layers-depth[data-depth="${chosen.depth}"]`)?.classList.add("is-chosen");
  root.querySelector(`.layers-token[data-position="${chosen.position}"]`)?.classList.add("is-chosen");
  return cell;
}

/**
 * @param {HTMLElement} root
 * @param {Place} place
 */
export function cellAt(root, { depth, position }) {
  const found = root.querySelector(`.layers-cell[data-depth="${depth}"][data-position="${position}"]`);
  return found instanceof HTMLElement ? found : null;
}

/**
 * Clicks and keys choose cells: arrows step, Home and End go to the ends of a row, Page Up and Down of a column.
 * @param {HTMLElement} root
 * @param {{ depths: () => number[], down: () => boolean, columns: () => number, choose: (place: Place) => void }} given
 */
export function handsOn(root, { depths, down, columns, choose }) {
  /** @param {Event} event */
  const placeOf = (event) => {
    const cell = closest(event, ".layers-cell");
    return cell ? { depth: Number(cell.dataset.depth), position: Number(cell.dataset.position) } : null;
  };
  root.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (place) choose(place);
  });
  root.addEventListener("keydown", (event) => {
    const place = placeOf(event);
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    const order = down() ? depths() : depths().toReversed();
    const to = stepped(event.key, order.indexOf(place.depth), place.position, order.length, columns());
    if (!to) return;
    event.preventDefault();
    const next = { depth: order[to.row], position: to.column };
    choose(next);
    cellAt(root, next)?.focus();
  });
}

/**
 * Where a key leads from a row and a column; null if it is none of ours.
 * @param {string} key
 * @param {number} row
 * @param {number} column
 * @param {number} rows
 * @param {number} columns
 * @returns {{ row: number, column: number } | null}
 */
export function stepped(key, row, column, rows, columns) {
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ...{ ArrowUp: [row - 1, column], ArrowDown: [row + 1, column] },
    ...{ ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1] },
    ...{ Home: [row, 0], End: [row, columns - 1], PageUp: [0, column], PageDown: [rows - 1, column] },
    ...{ Enter: [row, column], " ": [row, column] },
  };
  const to = moves[key];
  if (!to) return null;
  const inside = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, value));
  return { row: inside(to[0], rows), column: inside(to[1], columns) };
}
