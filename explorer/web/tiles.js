// Tokens as tiles: the text large, a number in small type under it, and all as large as their place allows.

import { h } from "./dom.js";

const PER_LINE = 14; // a line is at least as wide as so many letters are high, or a phone would show a word a line
const MOST_TRIED = 400; // tiles; more are drawn at the smallest size at once, for each try lays out all of them

/**
 * One tile.
 * @param {string} text
 * @param {import("./dom.js").Props & { below?: string | number | null }} [props]  below: what stands under the text
 */
export function tile(text, { below = null, class: more = "", ...props } = {}) {
  return h("span", { class: `tile ${more}`.trim(), "data-below": below, dir: "auto", ...props }, text);
}

/**
 * Gives the tiles of `root` the largest of these sizes at which its content needs no scrolling.
 * @param {HTMLElement} root
 * @param {readonly number[]} sizes  pixels of the text, largest first
 * @param {number} count  how many tiles there are
 */
export function fitTiles(root, sizes, count) {
  const fitting = sizes.filter((size) => size * PER_LINE <= root.clientWidth);
  const tried = count > MOST_TRIED || !fitting.length ? sizes.slice(-1) : fitting;
  for (const size of tried) {
    root.style.setProperty("--tile-text", `${size}px`);
    if (root.scrollHeight <= root.clientHeight + 1) return;
  }
}
