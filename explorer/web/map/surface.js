// The canvas of a map and when it is drawn: once a frame at most, and the dots only when they moved.

/** @import { MapOptions } from "./map.js" */
/** @import { Raster } from "./painter.js" */
/** @import { MapState } from "./state.js" */
import { onResize } from "../dom.js";
import { project } from "./camera.js";
import { overlay } from "./labels.js";
import { paint } from "./painter.js";

const REST_MS = 90; // how long the view rests before names are asked for
const MOST_PIXELS = 2; // to a CSS pixel: more cost time and show nothing

/**
 * @param {HTMLElement} host
 * @param {MapOptions} options
 * @param {MapState} state
 */
export function createSurface(host, options, state) {
  const canvas = createCanvas(host, options.label);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  /** @type {{image: ImageData, raster: Raster} | null} */
  let ground = null;
  let moved = true;
  let waiting = false;
  const askFor = asking(options);

  const draw = () => {
    if (!ground) return;
    if (moved) {
      project(state);
      paint(state, ground.raster);
    }
    moved = false;
    context.putImageData(ground.image, 0, 0);
    context.setTransform(ground.raster.ratio, 0, 0, ground.raster.ratio, 0, 0);
    askFor(overlay(context, state, options.name));
    host.dataset.drawn = String(Number(host.dataset.drawn ?? 0) + 1);
  };

  /** @param {boolean} [overlayOnly] whether the dots stay where they are */
  const redraw = (overlayOnly = false) => {
    moved ||= !overlayOnly;
    if (waiting || !ground) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };

  onResize(host, (width, height) => {
    Object.assign(state, { width, height });
    ground = groundOf(canvas, context, width, height);
    redraw();
  });
  return { canvas, redraw, draw };
}

/**
 * @param {HTMLElement} host
 * @param {string} label
 */
function createCanvas(host, label) {
  const canvas = document.createElement("canvas");
  canvas.className = "map-canvas";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  host.append(canvas);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2D} context
 * @param {number} cssWidth
 * @param {number} cssHeight
 */
function groundOf(canvas, context, cssWidth, cssHeight) {
  const ratio = Math.min(window.devicePixelRatio || 1, MOST_PIXELS);
  const [width, height] = [cssWidth, cssHeight].map((size) => Math.round(size * ratio));
  Object.assign(canvas, { width, height });
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  return { image, raster: { pixels, width, height, ratio, depth: null } };
}

/**
 * Asks for names that are not known, once the view rests.
 * @param {MapOptions} options
 */
function asking({ name, missing }) {
  let timer = 0;
  /** @param {number[]} indexes */
  return (indexes) => {
    if (!indexes.length) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const unknown = indexes.filter((index) => name(index) === undefined);
      if (unknown.length) missing?.(unknown);
    }, REST_MS);
  };
}
