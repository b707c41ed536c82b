// From where a map is looked at: how points of the data come to the screen, and how the view moves. Views are values.

/** @import { MapState, Vector, View } from "./state.js" */

const MARGIN = [36, 60]; // pixels beside the whole map, and above and below it, where tools and the legend lie
const SMALLEST = 40; // pixels that a map is never smaller than
const LEAST_ZOOM = 0.5;
const MOST_ZOOM = 400;
const CLOSE_ZOOM = 6;
const ROOMY = 0.7; // of the screen that points take up which are to be seen together
const STEEPEST = 1.55; // just short of a right angle, where left and right would change places
const PIXELS_PER_RADIAN = 160;

/**
 * The view of the whole map.
 * @param {MapState} state
 * @returns {View}
 */
export function wholeView({ middle: [x, y, z] }) {
  return { x, y, z, zoom: 1, yaw: 0.6, pitch: 0.4 };
}

/**
 * The directions in the data that lie to the right, downwards and towards the reader.
 * @param {Pick<MapState, "view" | "dimensions">} state
 * @returns {[Vector, Vector, Vector]}
 */
export function axes({ view: { yaw, pitch }, dimensions }) {
  if (dimensions === 2) {
    return [
      [1, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
    ];
  }
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [
    [cy, 0, sy],
    [-sy * sp, -cp, cy * sp],
    [-sy * cp, sp, cy * cp],
  ];
}

/**
 * Pixels per unit of the data.
 * @param {MapState} state
 */
export function unit({ width, height, extent, view }) {
  const [across, upwards] = [width, height].map((size, axis) => Math.max(size - 2 * MARGIN[axis], SMALLEST));
  return Math.min(across / extent[0], upwards / extent[1]) * view.zoom;
}

/**
 * Writes into `screen`, and in 3-D into `near`, where every point stands.
 * @param {MapState} state
 */
export function project(state) {
  const { points, screen, near, dimensions, count, view } = state;
  const [right, down, toward] = axes(state);
  const scale = unit(state);
  const [middleX, middleY] = [state.width / 2, state.height / 2];
  for (let index = 0; index < count; index += 1) {
    const at = index * dimensions;
    const dx = points[at] - view.x;
    const dy = points[at + 1] - view.y;
    const dz = dimensions === 3 ? points[at + 2] - view.z : 0;
    screen[2 * index] = middleX + (dx * right[0] + dy * right[1] + dz * right[2]) * scale;
    screen[2 * index + 1] = middleY + (dx * down[0] + dy * down[1] + dz * down[2]) * scale;
    if (dimensions === 3) near[index] = dx * toward[0] + dy * toward[1] + dz * toward[2];
  }
}

/**
 * The view moved within its own plane, in units of the data.
 * @param {MapState} state
 * @param {number} right
 * @param {number} down
 * @returns {View}
 */
function shifted(state, right, down) {
  const [u, v] = axes(state);
  const [x, y, z] = [0, 1, 2].map((axis) => u[axis] * right + v[axis] * down);
  const { view } = state;
  return { ...view, x: view.x + x, y: view.y + y, z: view.z + z };
}

/**
 * The view after a drag of the map by so many pixels.
 * @param {MapState} state
 * @param {number} right
 * @param {number} down
 */
export function panned(state, right, down) {
  const scale = unit(state);
  return shifted(state, -right / scale, -down / scale);
}

/**
 * The view nearer by a factor; what stands at `at` stays there.
 * @param {MapState} state
 * @param {number} factor
 * @param {{x: number, y: number}} [at] the middle unless said otherwise
 */
export function zoomed(state, factor, at = { x: state.width / 2, y: state.height / 2 }) {
  const zoom = Math.min(Math.max(state.view.zoom * factor, LEAST_ZOOM), MOST_ZOOM);
  const view = { ...state.view, zoom };
  const change = 1 / unit(state) - 1 / unit({ ...state, view });
  return { ...shifted(state, (at.x - state.width / 2) * change, (at.y - state.height / 2) * change), zoom };
}

/**
 * The view turned by a drag of so many pixels.
 * @param {View} view
 * @param {number} right
 * @param {number} down
 * @returns {View}
 */
export function turned(view, right, down) {
  const pitch = Math.min(Math.max(view.pitch + down / PIXELS_PER_RADIAN, -STEEPEST), STEEPEST);
  return { ...view, yaw: view.yaw + right / PIXELS_PER_RADIAN, pitch };
}

/**
 * The view with this point in the middle, close enough to tell it from its neighbours.
 * @param {MapState} state
 * @param {number} index
 * @param {number} [zoom]
 * @returns {View}
 */
export function viewOf(state, index, zoom = Math.max(state.view.zoom, CLOSE_ZOOM)) {
  const [x, y, z] = goalOf(state, index);
  return { ...state.view, x, y, z: z ?? state.view.z, zoom };
}

/** @type {(state: MapState, index: number) => number[]} where a point is, or is on its way to */
const goalOf = ({ goal: { points, dimensions } }, index) => [
  ...points.subarray(dimensions * index, dimensions * (index + 1)),
];

/**
 * The view that just holds all these points.
 * @param {MapState} state
 * @param {readonly number[]} indexes  at least one
 * @returns {View}
 */
export function viewAround(state, indexes) {
  const places = indexes.map((index) => goalOf(state, index));
  const ranges = places[0].map((_place, axis) => places.map((place) => place[axis])).map(rangeOf);
  const [x, y, z] = ranges.map(([low, high]) => (low + high) / 2);
  const spans = ranges.map(([low, high]) => Math.max(high - low, 1));
  const size = Math.hypot(...spans);
  const { extent } = state;
  const across = spans.length === 3 ? [extent[0] / size] : [extent[0] / spans[0], extent[1] / spans[1]];
  const zoom = Math.min(Math.max(Math.min(...across) * ROOMY, 1), MOST_ZOOM);
  return { ...state.view, x, y, z: z ?? state.view.z, zoom };
}

/** @type {(values: readonly number[]) => [number, number]} */
const rangeOf = (values) => [Math.min(...values), Math.max(...values)];

/**
 * The view on the way from one to another; zoom grows evenly, and the end is reached slowly.
 * @param {View} from
 * @param {View} to
 * @param {number} share of the way, 0 to 1
 * @returns {View}
 */
export function between(from, to, share) {
  return mixed(from, to, 1 - (1 - share) ** 3);
}

/**
 * The view at this share of the way, 0 to 1, zoom growing evenly.
 * @param {View} from
 * @param {View} to
 * @param {number} eased
 * @returns {View}
 */
export function mixed(from, to, eased) {
  /** @type {(key: keyof View) => number} */
  const part = (key) => from[key] + (to[key] - from[key]) * eased;
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  return { x: part("x"), y: part("y"), z: part("z"), yaw: part("yaw"), pitch: part("pitch"), zoom };
}
