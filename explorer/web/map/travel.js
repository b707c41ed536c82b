// Points on their way from one map to the next: each from where it was to where it will be.

/** @import { MapState } from "./state.js" */
import { FULL } from "./state.js";

/**
 * A journey: both ends with a number for every axis of either map, point after point.
 * @typedef {{dimensions: 2 | 3, from: Uint16Array, to: Uint16Array}} Journey
 */

/**
 * The journey to new points; one that was not on the old map is at its place from the start.
 * @param {Pick<MapState, "points" | "dimensions" | "count">} before
 * @param {Uint16Array} points
 * @param {2 | 3} dimensions
 * @param {(index: number) => number} origin  which point of the old map a new one is, or −1
 * @returns {Journey}
 */
export function journeyTo(before, points, dimensions, origin) {
  const axes = before.dimensions === 3 ? 3 : dimensions;
  const to = deepened(points, dimensions, axes);
  const places = deepened(before.points, before.dimensions, axes);
  const from = to.slice();
  for (let index = 0; index < to.length / axes; index += 1) {
    const was = origin(index);
    if (was < 0 || was >= before.count) continue;
    for (let axis = 0; axis < axes; axis += 1) from[index * axes + axis] = places[was * axes + axis];
  }
  return { dimensions: axes, from, to };
}

/**
 * The places at this share of the way, 0 to 1.
 * @param {Journey} journey
 * @param {number} share
 */
export function placesAt({ from, to }, share) {
  return Uint16Array.from(from, (place, at) => place + (to[at] - place) * share);
}

/**
 * Slow, fast, slow: where one is after this share of the time, both 0 to 1.
 * @param {number} share
 */
export const eased = (share) => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2);

/**
 * Flat points in the middle of a cube, seen from its front.
 * @param {Uint16Array} points
 * @param {2 | 3} dimensions
 * @param {2 | 3} axes
 */
function deepened(points, dimensions, axes) {
  if (dimensions === axes) return points;
  return Uint16Array.from({ length: (points.length / 2) * 3 }, (_place, at) =>
    at % 3 === 2 ? FULL / 2 : points[2 * Math.floor(at / 3) + (at % 3)],
  );
}
