// The page's colour scales, and what can be read on them.

import { config } from "./configuration.js";

/** @typedef {[red: number, green: number, blue: number]} Rgb 0 to 255 each */

const DARK_INK = "#000000"; // with black, one of the two always has a contrast of 4.5 and more
const LIGHT_INK = "#ffffff";
const LEGEND_STEPS = 17;

/**
 * One scale: its 256 colours flat for painting pixels, as CSS, and as Plotly takes them.
 * @typedef {{colours: Rgb[], flat: Uint8ClampedArray, css: string[], plotly: [number, string][]}} Scale
 */

/** @param {Rgb} colour */
export const cssOf = ([red, green, blue]) => `rgb(${red},${green},${blue})`;

/**
 * 256 colours, evenly between the stops.
 * @param {Rgb[]} stops
 * @returns {Rgb[]}
 */
function between(stops) {
  return Array.from({ length: 256 }, (_, at) => {
    const place = (at / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const part = place - low;
    const [red, green, blue] = stops[low].map((from, channel) =>
      Math.round(from + part * (stops[low + 1][channel] - from)),
    );
    return [red, green, blue];
  });
}

/**
 * @param {Rgb[]} stops
 * @returns {Scale}
 */
function scaleOf(stops) {
  const colours = between(stops);
  const css = colours.map(cssOf);
  const plotly = css
    .map((colour, index) => /** @type {[number, string]} */ ([index / 255, colour]))
    .filter((_, index) => index % 17 === 0);
  return { colours, flat: Uint8ClampedArray.from(colours.flat()), css, plotly };
}

/** From nothing, the colour of the page, to most. */
export const sequential = scaleOf(config.sequential.light);
/** From negative over nothing to positive. */
export const diverging = scaleOf(config.diverging.light);

/** From the colour of a card to amber: what the model says, in text; ink can be read on all of it. */
export const saying = scaleOf(config.saying.light);

/** @type {"light" | "dark"} */
let theme = "light";

/** The scales follow the theme in place: whoever draws reads them anew. */
function followTheme() {
  const next = document.body.classList.contains("dark") ? "dark" : "light";
  if (next === theme) return;
  theme = next;
  Object.assign(sequential, scaleOf(config.sequential[next]));
  Object.assign(diverging, scaleOf(config.diverging[next]));
  Object.assign(saying, scaleOf(config.saying[next]));
}

if (typeof MutationObserver !== "undefined") {
  followTheme();
  new MutationObserver(followTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

/**
 * The place on a scale of a share from 0 to 1.
 * @param {number} share
 */
export const indexOf = (share) => Math.round(255 * Math.min(1, Math.max(0, share)));

/**
 * How bright a colour is: WCAG's relative luminance, 0 to 1.
 * @param {Rgb} colour
 */
function luminance([red, green, blue]) {
  const linear = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/**
 * WCAG's contrast ratio of two colours, 1 to 21.
 * @param {Rgb} one
 * @param {Rgb} other
 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Black or white text: what can be read better on this colour.
 * @param {Rgb} colour
 */
export const inkOn = (colour) =>
  contrast(colour, hexRgb(DARK_INK)) >= contrast(colour, hexRgb(LIGHT_INK)) ? DARK_INK : LIGHT_INK;

/**
 * Colours a node by a share from 0 to 1, with text that can be read on it; null takes the colour away.
 * @param {HTMLElement} node
 * @param {number | null} share
 * @param {Scale} [scale]
 */
export function shade(node, share, scale = sequential) {
  const colour = share === null ? null : scale.colours[indexOf(share)];
  node.style.background = colour ? cssOf(colour) : "";
  node.style.color = colour ? inkOn(colour) : "";
}

/**
 * A probability's place on a logarithmic scale of three decades: 0.1 % and less is 0, 100 % is 1.
 * @param {number} probability
 */
export const logShare = (probability) => 1 + Math.max(-3, Math.log10(Math.max(probability, 0))) / 3;

/**
 * A rank's place on a logarithmic scale of three decades: first is 1, thousandth and later is 0.
 * @param {number} rank
 */
export const rankShare = (rank) => 1 - Math.min(1, Math.log10(rank) / 3);

/**
 * A number of bits against the most the scale tells apart: none is 1.
 * @param {number} bits
 * @param {number} most
 */
export const bitsShare = (bits, most) => 1 - Math.min(1, bits / most);

/**
 * A legend's bar: the scale, or the part of it from one place to another, as a CSS gradient.
 * @param {Scale} [scale]
 * @param {[number, number]} [part]
 */
export function gradient(scale = sequential, [first, last] = [0, 255]) {
  const places = Array.from({ length: LEGEND_STEPS + 1 }, (_, step) => first + ((last - first) * step) / LEGEND_STEPS);
  return `linear-gradient(90deg, ${places.map((place) => scale.css[Math.round(place)]).join(",")})`;
}

/**
 * @param {string} hex six digits after "#"
 * @returns {Rgb}
 */
export function hexRgb(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
}

/**
 * The colour that a browser makes of any CSS colour.
 * @param {string} css
 * @returns {Rgb}
 */
export function rgbOf(css) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return [0, 0, 0];
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/**
 * The value of a CSS variable here and now.
 * @param {string} name
 * @param {Element} [element]
 */
export const cssVariable = (name, element = document.body) => getComputedStyle(element).getPropertyValue(name).trim();
