// From where a map is looked at, as a few numbers, rounded to less than a pixel; none for the whole map.

/** @import { View } from "../../web/map/state.js" */

const FARTHEST = 200_000; // three times what a map spans
const LEAST_ZOOM = 0.5;
const MOST_ZOOM = 400;

/** @type {(value: number, digits: number) => number} */
const rounded = (value, digits) => Number(value.toFixed(digits));

/**
 * @param {View} view
 * @param {View} whole  the view of the whole map
 * @param {2 | 3} dimensions
 * @returns {number[]}
 */
export function cameraOf(view, whole, dimensions) {
  const found = numbersOf(view, dimensions);
  return String(found) === String(numbersOf(whole, dimensions)) ? [] : found;
}

/** @type {(view: View, dimensions: 2 | 3) => number[]} */
function numbersOf({ x, y, z, zoom, yaw, pitch }, dimensions) {
  const places = (dimensions === 3 ? [x, y, z] : [x, y]).map((place) => rounded(place, 1));
  return [...places, rounded(zoom, 5), ...(dimensions === 3 ? [rounded(yaw, 5), rounded(pitch, 5)] : [])];
}

/**
 * The view that a link's numbers mean; null where they mean none.
 * @param {unknown} camera
 * @param {View} whole
 * @param {2 | 3} dimensions
 * @returns {View | null}
 */
export function viewIn(camera, whole, dimensions) {
  const wanted = dimensions === 3 ? 6 : 3;
  if (!Array.isArray(camera) || camera.length !== wanted || !camera.every(isPlace)) return null;
  const [x, y, ...rest] = camera;
  const [z, zoom, yaw, pitch] = dimensions === 3 ? rest : [whole.z, rest[0], whole.yaw, whole.pitch];
  return { x, y, z, zoom: Math.min(Math.max(zoom, LEAST_ZOOM), MOST_ZOOM), yaw, pitch };
}

/** @param {unknown} value */
const isPlace = (value) => typeof value === "number" && Math.abs(value) <= FARTHEST;
