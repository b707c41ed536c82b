// The cells of the head grid: one small canvas for each head, in place or ranked.
import { paintCells } from "../../web/cells.js";
import { find, h } from "../../web/dom.js";

const WIDE = 12; // columns that a ranked grid is made for
const MANY = 16; // heads in a layer from which cells become narrow

/** @typedef {{ layers: number, heads: number }} Shape */

/** @param {Shape} shape */
export function cellNodes({ layers, heads }) {
  return Array.from({ length: layers * heads }, (_, place) => {
    const [layer, head] = [Math.floor(place / heads), place % heads];
    const caption = h("span", { class: "grid-caption", "aria-hidden": true });
    return h("div", { class: "grid-cell", "data-layer": layer, "data-head": head }, h("canvas", null), caption);
  });
}

/**
 * @param {string} text
 * @param {string} column
 */
const edgeLabel = (text, column) =>
  h("span", { class: "grid-label", "aria-hidden": true, style: { gridColumn: column } }, text);

/**
 * Puts the cells into their grid: in place, a row for each layer with numbers along the edges; ranked, one flow.
 * @param {HTMLElement} root
 * @param {readonly HTMLElement[]} cells  in the order they are shown in
 * @param {Shape} shape
 * @param {boolean} isRanked
 */
export function arrange(root, cells, { layers, heads }, isRanked) {
  cells.forEach((cell, place) => {
    cell.style.gridColumn = isRanked ? "" : String((place % heads) + 2);
  });
  root.replaceChildren(...(isRanked ? cells : withEdges(cells, layers, heads)));
  root.style.setProperty("--heads", String(isRanked ? WIDE : heads));
  const narrowest = heads > MANY ? 14 : 22;
  root.style.gridTemplateColumns = isRanked
    ? "repeat(auto-fill, minmax(64px, 1fr))"
    : `2.2em repeat(${heads}, minmax(${narrowest}px, 1fr))`;
}

/**
 * @param {readonly HTMLElement[]} cells
 * @param {number} layers
 * @param {number} heads
 */
function withEdges(cells, layers, heads) {
  const top = Array.from({ length: heads }, (_, head) => edgeLabel(String(head), String(head + 2)));
  const rows = Array.from({ length: layers }, (_, layer) => {
    const members = cells.slice(layer * heads, (layer + 1) * heads);
    return members.every((cell) => cell.hidden) ? members : [edgeLabel(String(layer), "1"), ...members];
  });
  return [edgeLabel("", "1"), ...top, ...rows.flat()];
}

/**
 * Draws one head's pattern: bytes from 0 (nothing) to 255 (its largest weight), what a causal model cannot see clear.
 * @param {HTMLElement} cell
 * @param {Uint8Array} bytes
 * @param {import("../../web/cells.js").Size} size
 */
export function paint(cell, bytes, size) {
  paintCells(find(cell, "canvas", HTMLCanvasElement), bytes, size);
}
