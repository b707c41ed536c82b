// The cells of the head grid: one small canvas for each head, in place or ranked.
import { paintCells } from "../../web/cells.js";
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";

const RANKED = 84; // pixels of a cell in a ranked grid
const LARGEST = 112;
const SMALLEST = 12;
const EDGE = 8; // the selection's frame, on both sides of a cell
const TAGGED = 68; // pixels of a cell from which there is room for what its head is known for
const LABELLED = 24; // pixels that a number along an edge takes

/** @typedef {{ layers: number, heads: number, heads_by_layer?: readonly number[] }} Shape */

/** @param {Shape} shape */
export function cellNodes({ layers, heads, heads_by_layer: own }) {
  return Array.from({ length: layers * heads }, (_place, place) => {
    const [layer, head] = [Math.floor(place / heads), place % heads];
    const caption = h("span", { class: "grid-caption", "aria-hidden": true });
    const tag = h("span", { class: "grid-tag", "aria-hidden": true });
    const name = own && head >= own[layer] ? "grid-cell is-absent" : "grid-cell";
    return h("div", { class: name, "data-layer": layer, "data-head": head }, h("canvas", null), tag, caption);
  });
}

/**
 * How large a cell may be, and how far from the next, for the whole grid to be seen; below the smallest it scrolls.
 * @param {Shape} shape
 * @param {{ width: number, height: number, edge: number }} room  edge: what the numbers along the left and top take
 */
export function cellSize({ layers, heads }, { width, height, edge }) {
  const most = Math.max(layers, heads);
  const gap = most > 16 ? 0 : most > 8 ? 2 : 4;
  const frame = gap + (most > 16 ? 2 : EDGE);
  const size = Math.min((width - edge) / heads, (height - edge / 2) / layers) - frame;
  return { size: Math.floor(Math.max(SMALLEST, Math.min(LARGEST, size))), gap };
}

/**
 * @param {string} text
 * @param {string} column
 * @param {string} name
 */
const edgeLabel = (text, column, name = "is-head") =>
  h("span", { class: `grid-label ${name}`, "aria-hidden": true, style: { gridColumn: column } }, text);

/**
 * Puts the cells into their grid: in place, a row for each layer with numbers along the edges; ranked, one flow.
 * @param {HTMLElement} root
 * @param {readonly HTMLElement[]} cells  in the order they are shown in
 * @param {Shape} shape
 * @param {boolean} isRanked
 */
export function arrange(root, cells, shape, isRanked) {
  const { heads } = shape;
  cells.forEach((cell, place) => {
    cell.style.gridColumn = isRanked ? "" : String((place % heads) + 2);
  });
  root.replaceChildren(...(isRanked ? cells : withEdges(cells, shape)));
  root.classList.toggle("is-ranked", isRanked);
  root.style.gridTemplateColumns = isRanked ? "" : `max-content repeat(${heads}, max-content)`;
}

/**
 * Gives the cells their size.
 * @param {HTMLElement} root
 * @param {Shape} shape
 * @param {{ width: number, height: number, edge: number }} room
 */
export function resize(root, shape, room) {
  const isRanked = root.classList.contains("is-ranked");
  const { size, gap } = isRanked ? { size: RANKED, gap: 4 } : cellSize(shape, room);
  root.style.setProperty("--cell", `${size}px`);
  root.style.gap = `${gap}px`;
  root.classList.toggle("is-small", size < 40);
  root.classList.toggle("has-tags", size >= TAGGED);
  const every = Math.ceil(LABELLED / (size + gap));
  for (const label of root.querySelectorAll(".grid-label")) {
    const number = Number(label.textContent?.match(/\d+$/)?.[0] ?? 0);
    label.classList.toggle("is-quiet", number % every !== 0);
  }
}

/**
 * @param {readonly HTMLElement[]} cells
 * @param {Shape} shape  a block of a hybrid that does not attend has its row, and no heads in it
 */
function withEdges(cells, { layers, heads, heads_by_layer: own }) {
  const top = Array.from({ length: heads }, (_head, head) => {
    const name = head === 0 && heads <= 5 ? _("head {number}", { number: "0" }) : String(head);
    return edgeLabel(name, String(head + 2));
  });
  const rows = Array.from({ length: layers }, (_layer, layer) => {
    const members = cells.slice(layer * heads, (layer + 1) * heads);
    const none = own?.[layer] === 0 ? [edgeLabel(_("no attention"), "2 / -1", "is-none")] : [];
    const name = layer === 0 ? _("layer {number}", { number: "0" }) : String(layer);
    if (none.length) return [edgeLabel(name, "1", "is-layer"), ...none];
    return members.every((cell) => cell.hidden) ? members : [edgeLabel(name, "1", "is-layer"), ...members];
  });
  return [edgeLabel("", "1"), ...top, ...rows.flat()];
}

/**
 * Draws one head's pattern: bytes from 0 (nothing) to 255 (its largest weight).
 * @param {HTMLElement} cell
 * @param {Uint8Array} bytes
 * @param {import("../../web/cells.js").Size} size
 */
export function paint(cell, bytes, size) {
  paintCells(find(cell, "canvas", HTMLCanvasElement), bytes, size);
}
