// The dots of a map, pixel by pixel, so that no graphics card is needed, in two or three dimensions.

/** @import { Rgb } from "../colour.js" */
/** @import { MapState } from "./state.js" */
import { placeOf, shadeOf } from "./state.js";

/**
 * Pixels to paint into, `ratio` to each CSS pixel; `depth` says how near what stands there is.
 * @typedef {{pixels: Uint32Array, width: number, height: number, ratio: number, depth: Float32Array | null}} Raster
 */
/** @typedef {{reach: number, inside: Int32Array, rim: Int32Array}} Dot offsets of a dot's pixels from its middle */

const USUAL = 3.4; // CSS pixels
const LARGEST = 3.6;
const SMALLEST = 1;
const CROWD = 1500; // points on the screen that have dots of the usual size
const TYPE = 14; // pixels of type beside which a dot has its usual size; larger type has larger dots

/** @param {Rgb} colour */
export const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/**
 * The mean of two packed colours, all four channels at once.
 * @param {number} left
 * @param {number} right
 */
export const blend = (left, right) => (((left ^ right) & 0xfefefefe) >>> 1) + (left & right);

/**
 * How large a dot is, in CSS pixels: the more points, the smaller.
 * @param {MapState} state
 */
export function radiusOf({ count, view, look }) {
  const crowd = count / Math.max(view.zoom, 1) / CROWD;
  return Math.min(Math.max(USUAL / Math.sqrt(Math.max(crowd, 0.5)), SMALLEST), LARGEST) * (look.size / TYPE);
}

/**
 * A dot's pixels: its inside, and a rim that makes it look round.
 * @param {number} radius in pixels of the raster
 * @param {number} width of the raster
 * @returns {Dot}
 */
export function dotOf(radius, width) {
  const reach = Math.ceil(radius + 0.5);
  /** @type {number[]} */
  const inside = [];
  /** @type {number[]} */
  const rim = [];
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      const distance = Math.hypot(x, y);
      if (distance <= radius - 0.4) inside.push(y * width + x);
      else if (distance <= radius + 0.4) rim.push(y * width + x);
    }
  }
  return { reach, inside: Int32Array.from(inside), rim: Int32Array.from(rim) };
}

/**
 * Paints the map's ground and dots.
 * @param {MapState} state
 * @param {Raster} raster
 */
export function paint(state, raster) {
  const ground = packed(state.look.background);
  raster.pixels.fill(ground);
  const solid = Uint32Array.from(state.palette, packed);
  const dot = dotOf(radiusOf(state) * raster.ratio, raster.width);
  if (state.dimensions === 3) {
    const pale = solid.map((colour) => blend(colour, ground));
    paintDeep(state, raster, dot, { solid, pale });
  } else paintFlat(state, raster, dot, solid);
}

/**
 * Dots let a quarter of what is below shine through, so that a crowd looks denser than a few.
 * @param {MapState} state
 * @param {Raster} raster
 * @param {Dot} dot
 * @param {Uint32Array} solid
 */
function paintFlat(state, raster, dot, solid) {
  const { pixels } = raster;
  for (let index = 0; index < state.count; index += 1) {
    const at = pixelOf(state, raster, index, dot.reach);
    if (at < 0) continue;
    const colour = solid[shadeOf(state, index)];
    for (const offset of dot.inside) pixels[at + offset] = blend(colour, blend(colour, pixels[at + offset]));
    for (const offset of dot.rim) pixels[at + offset] = blend(colour, pixels[at + offset]);
  }
}

/**
 * Near points hide far ones; far ones are paler, which is what makes the cloud look deep.
 * @param {MapState} state
 * @param {Raster} raster
 * @param {Dot} dot
 * @param {{solid: Uint32Array, pale: Uint32Array}} colours
 */
function paintDeep(state, raster, dot, { solid, pale }) {
  const { pixels } = raster;
  const { near } = state;
  const depth = raster.depth ?? new Float32Array(pixels.length);
  raster.depth = depth.fill(-Infinity);
  for (let index = 0; index < state.count; index += 1) {
    const at = pixelOf(state, raster, index, dot.reach);
    if (at < 0) continue;
    const colour = (near[index] < -state.extent[0] / 6 ? pale : solid)[shadeOf(state, index)];
    for (const offset of dot.inside) {
      if (depth[at + offset] > near[index]) continue;
      depth[at + offset] = near[index];
      pixels[at + offset] = colour;
    }
  }
}

/**
 * Where a dot's middle stands in the raster; −1 where part of the dot would fall outside.
 * @param {MapState} state
 * @param {Raster} raster
 * @param {number} index
 * @param {number} reach
 */
export function pixelOf(state, { width, height, ratio }, index, reach) {
  const [x, y] = placeOf(state, index).map((place) => Math.round(place * ratio));
  return x < reach || y < reach || x >= width - reach || y >= height - reach ? -1 : y * width + x;
}
