// What a map shows and from where it is looked at. Every other part of the map is functions over this.

/** @import { Rgb } from "../colour.js" */

/** @typedef {{x: number, y: number, z: number, zoom: number, yaw: number, pitch: number}} View */
/**
 * Colours, and the size of names in pixels.
 * @typedef {{background: Rgb, text: string, quiet: string, accent: string, size: number}} Look
 */
/** @typedef {[from: number, to: number, colour?: string]} Line between two points */
/** @typedef {{index: number, name: string}} Mark */
/** @typedef {{from: number, to: number, dashed: boolean}} Arrow from one point to another; dashed ones have no head */
/** @typedef {[x: number, y: number]} Place on the screen, in CSS pixels from the map's corner */
/** @typedef {[number, number, number]} Vector */
/**
 * @typedef {object} MapState
 * @property {2 | 3} dimensions
 * @property {number} count
 * @property {Uint16Array} points coordinates of 0 to FULL, point after point
 * @property {{points: Uint16Array, dimensions: 2 | 3}} goal where the points will be: they may still be on their way
 * @property {Vector} middle of the points
 * @property {[number, number]} extent how much of the data the whole map shows, across and upwards
 * @property {View} view
 * @property {number} width in CSS pixels; 0 while the map is not on the screen
 * @property {number} height
 * @property {Float32Array} screen x and y of each point
 * @property {Float32Array} near how far each point lies towards the reader; empty in 2-D
 * @property {Uint8Array | null} shades the place of each point's colour in the palette
 * @property {Rgb[]} palette
 * @property {Look} look
 * @property {number} every points come in runs of this length, whose last is drawn larger: a path and its end; or 0
 * @property {Mark[]} marks points that stand out and keep their name
 * @property {Line[]} lines
 * @property {Arrow[]} arrows
 * @property {number} picked the chosen point, or −1
 * @property {number[]} group points with a ring
 * @property {Place[]} outline the lasso while it is drawn
 * @property {number} hovered the point under the pointer, or −1
 * @property {"move" | "lasso"} tool
 */

export const FULL = 65535; // the largest coordinate
const FARTHEST_SHARE = 0.98; // the few that lie farther out in 3-D may leave the frame

/** @type {View} */
const NOWHERE = { x: FULL / 2, y: FULL / 2, z: FULL / 2, zoom: 1, yaw: 0.6, pitch: 0.4 };

/** @type {Look} */
const PLAIN = { background: [255, 255, 255], text: "#111", quiet: "#666", accent: "#4f46e5", size: 14 };

/** @returns {MapState} */
export function emptyState() {
  return {
    ...contentOf(new Uint16Array(0), 2),
    view: NOWHERE,
    width: 0,
    height: 0,
    palette: [[90, 90, 90]],
    look: PLAIN,
    tool: "move",
  };
}

/**
 * What changes when other points are shown: everything that was said about the old ones is forgotten.
 * @param {Uint16Array} points
 * @param {2 | 3} dimensions
 */
export function contentOf(points, dimensions) {
  const count = points.length / dimensions;
  return {
    dimensions,
    count,
    points,
    goal: { points, dimensions },
    ...measured(points, dimensions),
    screen: new Float32Array(2 * count),
    near: new Float32Array(dimensions === 3 ? count : 0),
    shades: null,
    every: 0,
    marks: [],
    lines: [],
    arrows: [],
    picked: -1,
    group: [],
    outline: [],
    hovered: -1,
  };
}

/**
 * The middle of the points, and how much of the square, or cube, they fill.
 * @param {Uint16Array} points
 * @param {2 | 3} dimensions
 * @returns {{middle: Vector, extent: [number, number]}}
 */
export function measured(points, dimensions) {
  /** @type {(size: number) => number} */
  const atLeast = (size) => Math.max(size, FULL / 20);
  if (dimensions === 3 && points.length) {
    const middle = meanOf(points);
    const size = atLeast(2 * reach(points, middle));
    return { middle, extent: [size, size] };
  }
  let [across, upwards] = points.length ? [0, 0] : [FULL, FULL];
  for (let at = 0; at < points.length; at += 2) {
    across = Math.max(across, 2 * Math.abs(points[at] - FULL / 2));
    upwards = Math.max(upwards, 2 * Math.abs(points[at + 1] - FULL / 2));
  }
  return { middle: [FULL / 2, FULL / 2, FULL / 2], extent: [atLeast(across), atLeast(upwards)] };
}

/**
 * @param {Uint16Array} points in three dimensions
 * @returns {Vector}
 */
function meanOf(points) {
  /** @type {Vector} */
  const sum = [0, 0, 0];
  for (let at = 0; at < points.length; at += 1) sum[at % 3] += points[at];
  const count = points.length / 3;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/**
 * How far from the middle nearly all points lie.
 * @param {Uint16Array} points
 * @param {Vector} middle
 */
function reach(points, [x, y, z]) {
  const distances = Float32Array.from({ length: points.length / 3 }, (_, index) =>
    Math.hypot(points[3 * index] - x, points[3 * index + 1] - y, points[3 * index + 2] - z),
  ).sort();
  return distances[Math.floor((distances.length - 1) * FARTHEST_SHARE)] ?? 0;
}

/**
 * Where a point stands on the screen.
 * @param {MapState} state
 * @param {number} index
 * @returns {Place}
 */
export const placeOf = (state, index) => [state.screen[2 * index], state.screen[2 * index + 1]];

/**
 * The place of a point's colour in the palette.
 * @param {MapState} state
 * @param {number} index
 */
export const shadeOf = (state, index) => (state.shades ? state.shades[index] : 0);
