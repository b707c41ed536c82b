// A map as a document of its own, which needs neither this page nor a network.

/** @import { PointMap } from "./map.js" */
/** @import { SavedMap } from "./standalone.js" */
import { textOf } from "../base64.js";
import { cssOf } from "../colour.js";
import { selfContained } from "../document.js";

/**
 * @param {PointMap} map
 * @param {{title: string, caption: string, names: string[]}} about `names` holds one for every point
 * @returns {Promise<string>}
 */
export function mapDocument({ state }, { title, caption, names }) {
  const { dimensions, points, shades, palette, look, marks } = state;
  /** @type {SavedMap} */
  const saved = {
    ...{ title, caption, names, dimensions, palette, look, marks },
    points: textOf(new Uint8Array(points.buffer, points.byteOffset, points.byteLength)),
    shades: shades && [...shades],
  };
  const entry = new URL("./standalone.js", import.meta.url).href;
  return selfContained({ title, entry, data: saved, style: styleOf(cssOf(look.background), look.text) });
}

/**
 * @param {string} background
 * @param {string} text
 */
const styleOf = (background, text) => `
html, body { height: 100%; margin: 0; }
main { display: flex; flex-direction: column; height: 100%; }
main { font: 14px system-ui, sans-serif; background: ${background}; color: ${text}; }
h1, p, label { margin: 8px 16px 0; font-size: 15px; }
.map-host { position: relative; flex: 1; min-height: 300px; margin-top: 8px; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: pan-y; }
input { font: inherit; }`;
