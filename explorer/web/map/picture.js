// A map as an SVG picture: the dots as paths, one for each colour, and what lies on top of them.

/** @import { Naming } from "./labels.js" */
/** @import { MapState } from "./state.js" */
import { cssOf } from "../colour.js";
import { SvgPen } from "../svg.js";
import { overlay } from "./labels.js";
import { radiusOf } from "./painter.js";
import { placeOf, shadeOf } from "./state.js";

/**
 * @param {MapState} state
 * @param {Naming} name
 * @param {string} title
 * @param {(text: string, font: string) => number} [measure] how wide a text is; the browser's unless said otherwise
 */
export function svgOf(state, name, title, measure) {
  const { width, height, look, palette } = state;
  const pen = new SvgPen({ width, height, background: look.background, title, measure });
  for (const [shade, path] of dotPaths(state)) pen.dots(path, cssOf(palette[shade]), 2 * radiusOf(state));
  overlay(pen, state, name);
  return pen.text();
}

/**
 * The dots on the screen by the place of their colour in the palette.
 * @param {MapState} state
 * @returns {Map<number, string>}
 */
function dotPaths(state) {
  /** @type {Map<number, string[]>} */
  const parts = new Map();
  for (let index = 0; index < state.count; index += 1) {
    const [x, y] = placeOf(state, index);
    if (x < 0 || y < 0 || x > state.width || y > state.height) continue;
    const shade = shadeOf(state, index);
    const part = parts.get(shade) ?? [];
    parts.set(shade, part);
    part.push(`M${x.toFixed(1)} ${y.toFixed(1)}h0`);
  }
  return new Map([...parts].map(([shade, part]) => [shade, part.join("")]));
}
