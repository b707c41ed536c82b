// The colours of a map's dots, and what they mean.
import { gradient, hexRgb, sequential } from "../../web/colour.js";
import { h } from "../../web/dom.js";
import { _, number } from "../../web/language.js";

/** @import { Rgb } from "../../web/colour.js" */
/** @typedef {import("../../web/calls.d.ts").ColoursAnswer} Colours */

/** @type {[number, number]} the part of the scale whose beginning does not drown in the page */
const VISIBLE = [70, 255];

/**
 * The colour of each shade; null where all dots have one.
 * @param {Pick<Colours, "kinds" | "scale">} colours
 * @param {boolean} dark
 * @returns {Rgb[] | null}
 */
export function paletteOf({ kinds, scale }, dark) {
  if (kinds) return kinds.map((kind) => hexRgb(dark ? kind.dark : kind.light));
  if (!scale) return null;
  const [first, last] = VISIBLE;
  return sequential.colours.map((_colour, at) => sequential.colours[Math.round(first + ((last - first) * at) / 255)]);
}

/**
 * One entry: a dot in its colour, and what it stands for.
 * @param {string} colour
 * @param {string} text
 */
export const swatch = (colour, text) =>
  h("span", null, h("span", { class: "swatch", style: { background: colour } }), text);

/**
 * The legend of a map.
 * @param {Pick<Colours, "kinds" | "scale">} colours
 * @param {boolean} dark
 * @param {(row: number) => string} nameOf
 * @returns {(Node | string)[]}
 */
export function legendOf({ kinds, scale }, dark, nameOf) {
  if (kinds) {
    const present = kinds.filter((kind) => kind.count);
    return present.map(({ name, count, light, dark: night }) =>
      swatch(dark ? night : light, _("{name} ({count})", { name, count })),
    );
  }
  if (!scale) return [];
  const name = scale.row === null ? scale.name : `${scale.name} “${nameOf(scale.row)}”`;
  const ramp = h("span", { class: "ramp", style: { background: gradient(sequential, VISIBLE) } });
  return [`${name}: ${number(scale.low)}`, ramp, number(scale.high)];
}
