// Which points lie where: under the pointer, in a lasso, on the screen.

/** @import { MapState, Place, Vector } from "./state.js" */
import { axes, unit } from "./camera.js";

const REACH = 9; // how near, in pixels, the pointer has to come
const MOST_CORNERS = 60;

/**
 * The point nearest to a place of the screen, or −1 if none is near.
 * @param {MapState} state
 * @param {{x: number, y: number}} spot
 */
export function closest({ screen, count }, { x, y }) {
  let best = REACH ** 2;
  let found = -1;
  for (let index = 0; index < count; index += 1) {
    const distance = (screen[2 * index] - x) ** 2 + (screen[2 * index + 1] - y) ** 2;
    if (distance < best) [best, found] = [distance, index];
  }
  return found;
}

/**
 * What an outline surrounds, whatever the screen: corners on the plane of the screen, in units of the data, one after
 * another, and from where a map in three dimensions was seen.
 * @typedef {{outline: number[], turn: number[]}} Shape
 */

/**
 * The shape that an outline on the screen is: few corners, in whole numbers, so that a link may hold it.
 * @param {MapState} state
 * @param {readonly Place[]} outline
 * @returns {Shape}
 */
export function shapeOf(state, outline) {
  const { view, width, height } = state;
  const [middleX, middleY] = onPlane(axes(state), [view.x, view.y, view.z]);
  const scale = unit(state);
  const step = Math.ceil(outline.length / MOST_CORNERS);
  const corners = outline.filter((_place, index) => index % step === 0);
  const turn = state.dimensions === 3 ? [view.yaw, view.pitch].map((angle) => Number(angle.toFixed(3))) : [];
  const places = corners.flatMap(([x, y]) => [(x - width / 2) / scale + middleX, (y - height / 2) / scale + middleY]);
  return { outline: places.map(Math.round), turn };
}

/**
 * The points in a shape; one that crosses itself has its holes.
 * @param {MapState} state
 * @param {Shape} shape
 */
export function within(state, { outline, turn }) {
  const { points, dimensions, count, view } = state;
  const [yaw, pitch] = turn.length ? turn : [view.yaw, view.pitch];
  const directions = axes({ dimensions, view: { ...view, yaw, pitch } });
  const corners = Array.from(
    { length: outline.length / 2 },
    (_, at) => /** @type {Place} */ (outline.slice(2 * at, 2 * at + 2)),
  );
  const found = [];
  for (let index = 0; index < count; index += 1) {
    const [x, y, z = 0] = points.subarray(index * dimensions, (index + 1) * dimensions);
    if (surrounds(corners, onPlane(directions, [x, y, z]))) found.push(index);
  }
  return found;
}

/**
 * A place of the data on the plane of the screen.
 * @type {(directions: [Vector, Vector, Vector], place: Vector) => Place}
 */
const onPlane = ([right, down], [x, y, z]) => [
  x * right[0] + y * right[1] + z * right[2],
  x * down[0] + y * down[1] + z * down[2],
];

/**
 * Whether a ray from the place crosses the outline an odd number of times.
 * @param {readonly Place[]} outline
 * @param {Place} place
 */
function surrounds(outline, [x, y]) {
  let within = false;
  for (let here = 0, before = outline.length - 1; here < outline.length; before = here, here += 1) {
    const [[ax, ay], [bx, by]] = [outline[here], outline[before]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/**
 * The corners of the screen.
 * @type {(state: Pick<MapState, "width" | "height">) => Place[]}
 */
export const screenOf = ({ width, height }) => [
  [0, 0],
  [width, 0],
  [width, height],
  [0, height],
];
