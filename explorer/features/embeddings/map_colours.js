// What a map's dots are coloured by, asked for and painted.
import { bytes } from "../../web/base64.js";
import { cssVariable, rgbOf } from "../../web/colour.js";
import { find, isDark, onTheme } from "../../web/dom.js";
import { latest } from "../../web/server.js";
import { state } from "../../web/store.js";
import { legendOf, paletteOf } from "./legend.js";
import { vectorsIn } from "./map_request.js";

/** @typedef {import("../../web/calls.d.ts").ColoursAnswer} Colours */
/** @typedef {import("./scatter.js").Scatter} Scatter */

/** @param {Scatter} scatter */
export function createColours({ element, map, points, names }) {
  const ask = latest(element);
  /** @type {Colours | null} */
  let current = null;
  /** @type {Uint8Array | null} */
  let shades = null;

  function paint() {
    if (!current) return;
    map.setShades(shades, paletteOf(current, isDark()) ?? [rgbOf(cssVariable("--accent"))]);
    const nameOf = (/** @type {number} */ row) => names.label(row) ?? `#${row}`;
    find(element, ".map-legend").replaceChildren(...legendOf(current, isDark(), nameOf));
  }

  onTheme(element, paint);
  return {
    /** The points are others: what was painted fits them no longer. */
    forget() {
      current = null;
    },
    /** @param {number} row  the vector that cosines are taken to */
    async shade(row) {
      const by = state.map_colour;
      const answer = await ask("vector_colours", { ...vectorsIn(state), by, row });
      current = answer;
      shades = answer.shades === null ? null : points.take(bytes(answer.shades));
      if (answer.scale?.row != null) await names.fetch([answer.scale.row]);
      paint();
      element.dataset.colour = by;
    },
  };
}
