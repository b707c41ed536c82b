// Which points lie where: under the pointer, in a lasso, on the screen.

/** @import { MapState, Place } from "./state.js" */
import { placeOf } from "./state.js";

const REACH = 9; // how near, in pixels, the pointer has to come

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
 * The points inside an outline; one that crosses itself has its holes.
 * @param {MapState} state
 * @param {readonly Place[]} outline
 */
export function inside(state, outline) {
  const found = [];
  for (let index = 0; index < state.count; index += 1) if (surrounds(outline, placeOf(state, index))) found.push(index);
  return found;
}

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
 * The points on the screen.
 * @param {MapState} state
 */
export const visible = (state) =>
  inside(state, [
    [0, 0],
    [state.width, 0],
    [state.width, state.height],
    [0, state.height],
  ]);
