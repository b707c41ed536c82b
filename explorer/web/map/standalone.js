// The map in a saved document, where nothing of the page exists.

import { words } from "../base64.js";
import { find, h } from "../dom.js";
import { _ } from "../language.js";
import { createMap } from "./map.js";

/**
 * What the document knows.
 * @typedef {object} SavedMap
 * @property {string} title
 * @property {string} caption
 * @property {2 | 3} dimensions
 * @property {string} points base64 of 16-bit numbers
 * @property {number[] | null} shades
 * @property {import("../colour.js").Rgb[]} palette
 * @property {import("./state.js").Look} look
 * @property {import("./state.js").Mark[]} marks
 * @property {string[]} names
 */

/** @param {string} name */
const spelled = (name) => name.replaceAll("·", " ").trim();

/** @param {SavedMap} saved */
export function open(saved) {
  const host = h("div", { class: "map-host" });
  const box = h("input", { type: "search" });
  const help = _("Drag to move, wheel to zoom, 0 for the whole map.");
  const label = h("label", null, _("Find a token"), " ", box);
  find(document, "main").append(h("h1", null, saved.title), h("p", null, saved.caption, " ", help), label, host);

  const map = createMap(host, {
    label: saved.title,
    look: saved.look,
    name: (index) => saved.names[index],
    pick: (index) => map.select(index),
  });
  map.setPoints(words(saved.points), saved.dimensions);
  map.setShades(saved.shades && Uint8Array.from(saved.shades), saved.palette);
  map.setMarks(saved.marks);
  box.addEventListener("change", () => {
    const found = saved.names.findIndex((name) => spelled(name) === spelled(box.value));
    map.select(found);
    if (found >= 0) map.zoomTo(found);
  });
}
