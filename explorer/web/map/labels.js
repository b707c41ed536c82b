// What lies on top of a map's dots: paths, rings, and names where there is room for them.

/** @import { Pen } from "../svg.js" */
/** @import { MapState, Place } from "./state.js" */
import { cssOf } from "../colour.js";
import { placeOf, shadeOf } from "./state.js";

/** @typedef {"strong" | "mark" | "plain"} Tone */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */
/** @typedef {{index: number, tone: Tone, name?: string}} Wish a point that wants its name written */
/** @typedef {{index: number, name: string, box: Box, tone: Tone}} Label */
/**
 * What points are called: undefined for a name that is not known yet, "" for none.
 * @typedef {(index: number) => string | undefined} Naming
 */

const FONT = "12px system-ui, sans-serif";
const STRONG_FONT = `600 ${FONT}`;
const CELL = { width: 92, height: 20 };
const CROWD = 5; // points in a cell above which there is no room for a label
const MOST = 160;
const TAKEN = 65535;
const HALF = 9; // of a label's height
const FAR = 10; // from the dot to its label

/**
 * Draws everything on top of the dots and gives the points whose names would be needed.
 * @param {Pen} pen
 * @param {MapState} state
 * @param {Naming} name
 * @returns {number[]}
 */
export function overlay(pen, state, name) {
  pen.font = FONT;
  pen.textBaseline = "middle";
  drawLines(pen, state);
  drawRings(pen, state);
  const { labels, missing } = placed(state, wishes(state), name, (text) => pen.measureText(text).width);
  for (const label of labels) write(pen, state, label);
  if (state.outline.length > 1) stroke(pen, [...state.outline, state.outline[0]], state.look.accent, 1.5);
  return missing;
}

/** @type {(pen: Pen, state: MapState) => void} */
function drawLines(pen, state) {
  for (const [from, to, colour] of state.lines) {
    stroke(pen, [placeOf(state, from), placeOf(state, to)], colour ?? state.look.accent, 1.4);
  }
}

/** @type {(pen: Pen, state: MapState) => void} */
function drawRings(pen, state) {
  const { look, every, count, palette } = state;
  /** @type {(index: number, radius: number, colour: string, width: number) => void} */
  const around = (index, radius, colour, width) => ring(pen, placeOf(state, index), radius, colour, width);
  for (let end = every - 1; every && end < count; end += every) around(end, 4, cssOf(palette[shadeOf(state, end)]), 3);
  for (const index of state.group) around(index, 5, look.text, 1.5);
  for (const mark of state.marks) around(mark.index, 7, look.accent, 2.5);
  if (state.picked >= 0) around(state.picked, 9, look.text, 2.5);
}

/** @type {(pen: Pen, places: Place[], colour: string, width: number) => void} */
function stroke(pen, places, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const [step, [x, y]] of places.entries()) {
    if (step) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  pen.stroke();
}

/** @type {(pen: Pen, place: Place, radius: number, colour: string, width: number) => void} */
function ring(pen, [x, y], radius, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/**
 * The points that want a name, the most urgent first.
 * @param {MapState} state
 * @returns {Wish[]}
 */
function wishes(state) {
  const ends = state.every ? [] : state.lines.map(([, to]) => to);
  return [
    ...[state.picked, state.hovered].map((index) => ({ index, tone: /** @type {Tone} */ ("strong") })),
    ...state.marks.map(({ index, name }) => ({ index, tone: /** @type {Tone} */ ("mark"), name })),
    ...ends.map((index) => ({ index, tone: /** @type {Tone} */ ("strong") })),
    ...roomy(state).map((index) => ({ index, tone: /** @type {Tone} */ ("plain") })),
  ];
}

/**
 * The names that are written, none over another; only the chosen and the hovered point insist.
 * @param {MapState} state
 * @param {readonly Wish[]} wishes
 * @param {Naming} nameOf
 * @param {(text: string) => number} widthOf
 * @returns {{labels: Label[], missing: number[]}}
 */
export function placed(state, wishes, nameOf, widthOf) {
  /** @type {Map<number, Label>} */
  const labels = new Map();
  /** @type {Set<number>} */
  const missing = new Set();
  for (const { index, tone, name: given } of wishes) {
    if (index < 0 || labels.has(index) || !onScreen(state, placeOf(state, index))) continue;
    const name = given ?? nameOf(index);
    if (name === undefined) missing.add(index);
    if (!name) continue;
    const box = boxOf(state, placeOf(state, index), widthOf(name) + 6);
    const insists = tone === "strong" && labels.size < 2;
    if (!insists && [...labels.values()].some((label) => overlap(label.box, box))) continue;
    labels.set(index, { index, name, box, tone });
  }
  return { labels: [...labels.values()], missing: [...missing] };
}

/** @type {(state: MapState, place: Place) => boolean} */
const onScreen = ({ width, height }, [x, y]) => x > -4 && y > 0 && x < width && y < height;

/** @type {(one: Box, other: Box) => boolean} */
export const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/**
 * To the right of its point, or to the left where the map ends.
 * @type {(state: MapState, place: Place, width: number) => Box}
 */
function boxOf(state, [x, y], width) {
  const left = x + FAR + width > state.width ? x - FAR - width : x + FAR;
  return [left - 2, y - HALF, left + width, y + HALF];
}

/** @type {(pen: Pen, state: MapState, label: Label) => void} */
function write(pen, { look }, { name, box: [left, top, right, bottom], tone }) {
  const [red, green, blue] = look.background;
  pen.fillStyle = `rgba(${red},${green},${blue},${tone === "plain" ? 0.72 : 0.9})`;
  pen.fillRect(left, top, right - left, bottom - top);
  pen.fillStyle = { mark: look.accent, strong: look.text, plain: look.quiet }[tone];
  pen.font = tone === "plain" ? FONT : STRONG_FONT;
  pen.fillText(name, left + 3, (top + bottom) / 2);
  pen.font = FONT;
}

/**
 * Points that stand where few others do, at most one per cell of the screen: in vocabularies the first are the most
 * frequent.
 * @param {MapState} state
 * @returns {number[]}
 */
export function roomy(state) {
  const { count, every } = state;
  const cells = cellsOf(state);
  /** @type {number[]} */
  const chosen = [];
  const step = every || 1;
  for (let index = step - 1; index < count && chosen.length < MOST; index += step) {
    const cell = cellOf(state, index);
    if (cell < 0 || (cells[cell] > CROWD && !every)) continue;
    chosen.push(index);
    if (!every) cells[cell] = TAKEN;
  }
  return chosen;
}

/**
 * How many points stand in each cell of the screen.
 * @param {MapState} state
 */
function cellsOf(state) {
  const columns = Math.ceil(state.width / CELL.width);
  const cells = new Uint16Array(columns * Math.ceil(state.height / CELL.height));
  for (let index = 0; index < state.count; index += 1) {
    const cell = cellOf(state, index);
    if (cell >= 0 && cells[cell] < TAKEN - 1) cells[cell] += 1;
  }
  return cells;
}

/** @type {(state: MapState, index: number) => number} */
function cellOf(state, index) {
  const [x, y] = placeOf(state, index);
  if (!(x >= 0 && y >= 0 && x < state.width && y < state.height)) return -1;
  return Math.floor(y / CELL.height) * Math.ceil(state.width / CELL.width) + Math.floor(x / CELL.width);
}
