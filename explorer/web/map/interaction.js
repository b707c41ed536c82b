// What pointer, wheel and keys do to a map.

/** @import { MapState, Place, View } from "./state.js" */
import { panned, turned, zoomed } from "./camera.js";
import { closest } from "./picking.js";

/** @typedef {{x: number, y: number}} Spot in CSS pixels from the map's corner */
/**
 * What the map does for them.
 * @typedef {object} Actions
 * @property {(view: View) => void} look moves the view
 * @property {() => void} reset shows the whole map
 * @property {() => void} redraw what lies on top
 * @property {(index: number) => void} hover
 * @property {(index: number) => void} pick
 * @property {(outline: Place[]) => void} lasso
 */

const STEP = 40; // pixels that an arrow key moves
const KEY_ZOOM = 1.4;
const CLICK = 5; // pixels of travel below which a press is a click
const NARROWEST = 10; // pixels between two fingers that are told apart
const SECONDARY_BUTTON = 2;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {MapState} state
 * @param {Actions} actions
 */
export function listen(canvas, state, actions) {
  /** @type {Map<number, Spot>} what is down, by pointer */
  const fingers = new Map();
  let travelled = 0;

  /** @param {MouseEvent} event */
  const spotOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  /** @param {PointerEvent} event */
  const down = (event) => {
    canvas.setPointerCapture(event.pointerId);
    const spot = spotOf(event);
    fingers.set(event.pointerId, spot);
    travelled = 0;
    if (state.tool === "lasso") state.outline = [[spot.x, spot.y]];
  };

  /** @param {PointerEvent} event */
  const move = (event) => {
    const spot = spotOf(event);
    const before = fingers.get(event.pointerId);
    if (!before) return actions.hover(closest(state, spot));
    travelled += Math.abs(spot.x - before.x) + Math.abs(spot.y - before.y);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) actions.look(pinched(state, before, spot, other));
    else if (state.tool === "lasso") {
      state.outline.push([spot.x, spot.y]);
      actions.redraw();
    } else if (event.pointerType !== "touch") {
      actions.look(dragged(state, spot.x - before.x, spot.y - before.y, slides(event)));
    }
    fingers.set(event.pointerId, spot);
  };

  /** @param {PointerEvent} event */
  const up = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (state.tool === "lasso" && state.outline.length > 2) actions.lasso(state.outline);
    else if (event.type === "pointerup" && travelled < CLICK) actions.pick(closest(state, spotOf(event)));
    state.outline = [];
    actions.redraw();
  };

  /** @param {WheelEvent} event */
  const wheel = (event) => {
    event.preventDefault();
    actions.look(zoomed(state, wheelFactor(event), spotOf(event)));
  };

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const view = keyed(state, event.key, event.shiftKey);
    if (view) actions.look(view);
    else if (event.key === "0") actions.reset();
    else return;
    event.preventDefault();
  };

  /** @param {TouchEvent} event  one finger scrolls the page; two, or one with the lasso, are the map's */
  const touch = (event) => {
    if (event.cancelable && (event.touches.length > 1 || state.tool === "lasso")) event.preventDefault();
  };

  canvas.addEventListener("touchstart", touch, { passive: false });
  canvas.addEventListener("touchmove", touch, { passive: false });
  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => actions.hover(-1));
  canvas.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("keydown", key);
}

/** @param {PointerEvent} event */
const slides = (event) => event.shiftKey || event.buttons === SECONDARY_BUTTON;

/** @param {{deltaY: number, deltaMode: number}} event lines where the mode is not 0, else pixels */
export const wheelFactor = ({ deltaY, deltaMode }) => Math.exp(-deltaY * (deltaMode ? 0.05 : 0.0016));

/**
 * A drag turns a map in three dimensions, unless it is asked to slide.
 * @type {(state: MapState, right: number, down: number, slide: boolean) => View}
 */
export const dragged = (state, right, down, slide) =>
  state.dimensions === 3 && !slide ? turned(state.view, right, down) : panned(state, right, down);

/**
 * Two fingers zoom about the middle between them, and what is under it goes where it goes.
 * @type {(state: MapState, before: Spot, after: Spot, other: Spot) => View}
 */
export function pinched(state, before, after, other) {
  /** @param {Spot} spot */
  const apart = (spot) => Math.max(Math.hypot(spot.x - other.x, spot.y - other.y), NARROWEST);
  const middle = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
  const view = dragged(state, (after.x - before.x) / 2, (after.y - before.y) / 2, false);
  return zoomed({ ...state, view }, apart(after) / apart(before), middle);
}

/**
 * The view after a key; nothing for a key that does not move it.
 * @type {(state: MapState, key: string, slide: boolean) => View | undefined}
 */
export function keyed(state, key, slide) {
  /** @type {Record<string, Place>} */
  const steps = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
  const factors = /** @type {Record<string, number>} */ ({ "+": KEY_ZOOM, "=": KEY_ZOOM, "-": 1 / KEY_ZOOM });
  if (key in factors) return zoomed(state, factors[key]);
  if (!(key in steps)) return undefined;
  const [right, down] = steps[key];
  const turns = state.dimensions === 3 && !slide;
  return turns ? turned(state.view, -right / 2, -down / 2) : panned(state, right, down);
}
