// A map of many points on one canvas, in two or three dimensions. Its parts are functions over one state: camera (from
// where it is looked at), painter (dots), labels (what lies on top), picking (what lies where), interaction, picture.
//
//   const map = createMap(find(element, ".map-host"), { label: _("Map of vectors."), name: (index) => names[index] });
//   map.setPoints(words(answer.points), 2);
//   map.setShades(shades, palette);
//   map.select(index, [[index, neighbour]]);
//   map.zoomTo(index);
//   download("map.svg", map.svg(_("Map of vectors")), "image/svg+xml");

/** @import { Rgb } from "../colour.js" */
/** @import { Naming } from "./labels.js" */
/** @import { Movement } from "./movement.js" */
/** @import { Shape } from "./picking.js" */
/** @import { Arrow, Line, Look, MapState, Mark, View } from "./state.js" */
import { cssVariable, rgbOf } from "../colour.js";
import { onResize, onTheme } from "../dom.js";
import { attributes } from "../saving/paint.js";
import { printAs } from "../saving/printed.js";
import { viewAround, viewOf, wholeView, zoomed } from "./camera.js";
import { listen } from "./interaction.js";
import { createMovement } from "./movement.js";
import { screenOf, shapeOf, within } from "./picking.js";
import { svgOf } from "./picture.js";
import { contentOf, emptyState, placeOf } from "./state.js";
import { createSurface } from "./surface.js";

/**
 * @typedef {object} MapOptions
 * @property {string} label what the map is, for screen readers
 * @property {Naming} name what a point is called: undefined while that is not known, "" for none
 * @property {(indexes: number[]) => void} [missing] asked for names that are not known, once the view rests; call
 *   `redraw` when they are there
 * @property {(index: number) => void} [hover] the point under the pointer, or −1
 * @property {(index: number) => void} [pick] a click or tap, −1 beside every point
 * @property {(indexes: number[], shape: Shape) => void} [lasso] the points in it, and what it surrounds on any screen
 * @property {(view: View) => void} [rest] the view has moved and come to rest
 * @property {(on: boolean) => void} [turning] the map begins to turn by itself, or stands still again
 * @property {Look} [look] colours of its own, where there is no page to follow
 */
/** @typedef {ReturnType<typeof createMap>} PointMap */

/** @returns {Look} */
const pageLook = () => ({
  background: rgbOf(cssVariable("--background-fill-primary")),
  text: cssVariable("--body-text-color"),
  quiet: cssVariable("--body-text-color-subdued"),
  accent: cssVariable("--accent"),
  size: Number.parseFloat(cssVariable("--picture-text")) || 14,
});

/**
 * Puts a map into an element that has a size; `host.dataset.drawn` counts its drawings.
 * @param {HTMLElement} host
 * @param {MapOptions} options
 */
export function createMap(host, options) {
  const state = emptyState();
  const surface = createSurface(host, options, state);
  const { canvas, redraw } = surface;
  const movement = createMovement(state, redraw, { ...options, isShown: () => host.getClientRects().length > 0 });
  const follow = () => {
    state.look = options.look ?? pageLook();
    redraw();
  };
  listen(canvas, state, {
    look: movement.look,
    reset: movement.reset,
    redraw: () => redraw(true),
    hover: hovering(state, canvas, redraw, options),
    pick: (index) => options.pick?.(index),
    lasso: (outline) => {
      const shape = shapeOf(state, outline);
      options.lasso?.(within(state, shape), shape);
    },
  });
  canvas.addEventListener("pointerdown", () => movement.look(state.view)); // a map that turns by itself stands still
  onTheme(host, follow);
  onResize(host, follow); // type may be larger now
  follow();
  // What is saved is drawn by itself, sharp at any size, in the place of the canvas.
  printAs(canvas, (element) => {
    const { left, top } = element.getBoundingClientRect();
    return svgOf(state, options.name, options.label).replace("<svg ", `<svg${attributes({ x: left, y: top })} `);
  });
  return {
    /** What the map shows; to read, not to change. */
    state,
    canvas,
    /** @type {(overlayOnly?: boolean) => void} again, names included */
    redraw,
    ...content(state, redraw, movement),
    ...navigation(state, movement),
    /** @type {(tool: "move" | "lasso") => void} */
    setTool(tool) {
      Object.assign(state, { tool, outline: [] });
      host.dataset.tool = tool;
    },
    /** @type {(title: string) => string} */
    svg: (title) => svgOf(state, options.name, title),
  };
}

/** @typedef {(overlayOnly?: boolean) => void} Redraw */
/**
 * @param {MapState} state
 * @param {HTMLCanvasElement} canvas
 * @param {Redraw} redraw
 * @param {MapOptions} options
 */
const hovering = (state, canvas, redraw, options) => (/** @type {number} */ index) => {
  if (index === state.hovered) return;
  canvas.style.cursor = index >= 0 ? "pointer" : "";
  state.hovered = index;
  options.hover?.(index);
  redraw(true);
};

/**
 * What the map shows.
 * @param {MapState} state
 * @param {Redraw} redraw
 * @param {Movement} movement
 */
function content(state, redraw, { look, settle, travel }) {
  /** @param {Partial<MapState>} change what lies on top of the dots */
  const overlaid = (change) => {
    Object.assign(state, change);
    redraw(true);
  };
  return {
    /** @type {(points: Uint16Array, dimensions: 2 | 3) => void} coordinates of 0 to 65,535, point after point */
    setPoints(points, dimensions) {
      settle();
      Object.assign(state, contentOf(points, dimensions));
      look(wholeView(state));
    },
    /** The same, where points of the map before fly to their new places; the view stays. */
    travel,
    /** @type {(shades: Uint8Array | null, palette: Rgb[]) => void} the place of each point's colour in the palette */
    setShades(shades, palette) {
      Object.assign(state, { shades, palette });
      redraw();
    },
    /** @type {(index: number, lines?: Line[]) => void} −1 for none; the lines are drawn with it */
    select: (index, lines = []) => overlaid({ picked: index, lines }),
    /** @type {(arrows: Arrow[]) => void} from point to point */
    setArrows: (arrows) => overlaid({ arrows }),
    /** @type {(marks: Mark[]) => void} points that stand out and keep their name */
    setMarks: (marks) => overlaid({ marks }),
    /** @type {(group: number[]) => void} points with a ring */
    setGroup: (group) => overlaid({ group }),
    /** @type {(every: number) => void} points come in runs of this length, whose last is drawn larger; 0 for none */
    setEnds: (every) => overlaid({ every }),
  };
}

/**
 * @param {MapState} state
 * @param {Movement} movement
 */
function navigation(state, { look, glide, accompany, spin, reset }) {
  return {
    reset,
    look,
    glide,
    /** Glides to a view while points travel. */
    accompany,
    /** Turns by itself until it is touched; a map in two dimensions does not. */
    spin,
    /** @type {(factor: number) => void} */
    zoomBy: (factor) => look(zoomed(state, factor)),
    /** @type {(index: number, zoom?: number) => void} glides to a point */
    zoomTo: (index, zoom) => glide(viewOf(state, index, zoom)),
    /** @type {(indexes: number[]) => void} glides to where all of them are seen */
    zoomAround: (indexes) => glide(viewAround(state, indexes)),
    /** @type {() => Shape} what is on the screen */
    screen: () => shapeOf(state, screenOf(state)),
    /** @type {(shape: Shape) => number[]} the points in a shape */
    within: (shape) => within(state, shape),
    /** @type {(index: number) => [number, number]} where a point stands on the screen */
    at: (index) => placeOf(state, index),
  };
}
