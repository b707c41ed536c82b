// How a map moves: at once, gliding to another view, travelling to other points, turning by itself.

/** @import { MapState, View } from "./state.js" */
import { between, mixed, turned, wholeView } from "./camera.js";
import { contentOf } from "./state.js";
import { eased, journeyTo, placesAt } from "./travel.js";

const FLIGHT_MS = 350;
const TRAVEL_MS = 900;
const REST_MS = 300;
const TURN = 0.025; // pixels of a drag in a millisecond: a full turn takes some forty seconds

/** Whether the visitor wants things to stand still. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Calls back in every frame with the share of the time gone, until it is all gone; gives how to end it early.
 * @param {number} duration  in milliseconds
 * @param {(share: number) => void} frame
 */
function during(duration, frame) {
  const began = performance.now();
  let next = 0;
  /** @param {number} now */
  const step = (now) => {
    const share = isCalm() ? 1 : Math.min(Math.max(now - began, 0) / duration, 1);
    if (share < 1) next = requestAnimationFrame(step);
    frame(share);
  };
  step(began);
  return () => cancelAnimationFrame(next);
}

/** @type {(from: [number, number], to: [number, number], part: number) => [number, number]} */
const mixedPair = (from, to, part) => [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];

/**
 * The colours that points bring along from the map before.
 * @param {Pick<MapState, "shades">} before
 * @param {Pick<MapState, "count">} now
 * @param {(index: number) => number} origin
 */
const carried = ({ shades }, { count }, origin) =>
  shades && Uint8Array.from({ length: count }, (_point, index) => shades[origin(index)] ?? 0);

/** @typedef {ReturnType<typeof createMovement>} Movement */

/**
 * @param {MapState} state
 * @param {(overlayOnly?: boolean) => void} redraw
 * @param {Pick<import("./map.js").MapOptions, "rest" | "turning"> & {isShown: () => boolean}} options
 */
export function createMovement(state, redraw, { rest, turning, isShown }) {
  let stopFlight = () => {};
  let stopTravel = () => {};
  let flat = true;
  let resting = 0;
  let turn = 0;

  /** @param {View} view */
  function show(view) {
    clearTimeout(resting);
    if (rest) resting = window.setTimeout(() => rest(state.view), REST_MS);
    state.view = view;
    redraw();
  }

  /** The map stands still. */
  function still() {
    stopFlight();
    if (turn) turning?.(false);
    cancelAnimationFrame(turn);
    turn = 0;
  }

  /** @param {View} view */
  function look(view) {
    still();
    show(view);
  }

  /**
   * @param {View} to
   */
  function glide(to) {
    still();
    const from = state.view;
    stopFlight = during(FLIGHT_MS, (share) => show(share < 1 ? between(from, to, share) : to));
  }

  /**
   * Glides as long as points travel.
   * @param {View} to
   */
  function accompany(to) {
    still();
    const from = state.view;
    const end = flat ? { ...to, yaw: 0, pitch: 0 } : to; // where a flat map lies in the cube it came out of
    stopFlight = during(TRAVEL_MS, (share) => show(share < 1 ? mixed(from, end, eased(share)) : to));
  }

  /**
   * Other points are shown: each flies to its new place, as far as it was on the map before; the view stays.
   * @param {Uint16Array} points
   * @param {2 | 3} dimensions
   * @param {(index: number) => number} origin  which point of the old map a new one is, or −1
   */
  function travel(points, dimensions, origin) {
    still();
    stopTravel();
    const before = { ...state };
    const { middle, extent, near } = contentOf(points, dimensions);
    const way = journeyTo(before, points, dimensions, origin);
    flat = dimensions === 2;
    if (before.dimensions < way.dimensions) state.view = { ...state.view, yaw: 0, pitch: 0 };
    Object.assign(state, contentOf(way.from, way.dimensions));
    Object.assign(state, { middle, goal: { points, dimensions }, shades: carried(before, state, origin) });
    stopTravel = during(TRAVEL_MS, (share) => {
      const part = eased(share);
      if (share === 1) Object.assign(state, { points, dimensions, extent, near });
      else Object.assign(state, { points: placesAt(way, part), extent: mixedPair(before.extent, extent, part) });
      redraw();
    });
  }

  /** Turns slowly, until somebody moves the map or no motion is wanted. */
  function spin() {
    still();
    if (isCalm() || state.dimensions !== 3) return;
    turning?.(true);
    let last = performance.now();
    /** @param {number} now */
    const step = (now) => {
      turn = requestAnimationFrame(step);
      if (isShown()) {
        state.view = turned(state.view, (now - last) * TURN, 0);
        redraw();
      }
      last = now;
    };
    turn = requestAnimationFrame(step);
  }

  return { look, glide, accompany, travel, spin, settle: () => stopTravel(), reset: () => glide(wholeView(state)) };
}
