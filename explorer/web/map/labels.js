// What lies on top of a map's dots: paths, rings, and names where there is room for them.

/** @import { Pen } from "../svg.js" */
/** @import { Arrow, MapState, Place } from "./state.js" */
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

const CELL = { width: 7.7, height: 1.7 }; // in heights of the type
const CROWD = 5; // points in a cell above which there is no room for a label
const MOST = 160;
const INSISTING = 2; // names that are written even over others, beside those that arrows join
const TAKEN = 65535;
const HALF = 0.72; // of a label's height, in heights of the type
const HEAD = 11; // pixels, of an arrow
const DASH = 6;
const FAR = 10; // from the dot to its label

/**
 * Draws everything on top of the dots and gives the points whose names would be needed.
 * @param {Pen} pen
 * @param {MapState} state
 * @param {Naming} name
 * @returns {number[]}
 */
export function overlay(pen, state, name) {
  pen.font = fontOf(state);
  pen.textBaseline = "middle";
  drawLines(pen, state);
  for (const arrow of state.arrows) drawArrow(pen, state, arrow);
  drawRings(pen, state);
  const { labels, missing } = placed(state, wishes(state), name, (text) => pen.measureText(text).width);
  for (const label of labels) write(pen, state, label);
  if (state.outline.length > 1) stroke(pen, [...state.outline, state.outline[0]], state.look.accent, 1.5);
  return missing;
}

/** @type {(state: Pick<MapState, "look">, strong?: boolean) => string} */
const fontOf = ({ look }, strong = false) => `${strong ? "600 " : ""}${look.size}px system-ui, sans-serif`;

/** @type {(pen: Pen, state: MapState) => void} */
function drawLines(pen, state) {
  if (state.arrows.length) return; // which say something else than the lines
  for (const [from, to, colour] of state.lines) {
    stroke(pen, [placeOf(state, from), placeOf(state, to)], colour ?? state.look.accent, 1.4);
  }
}

/**
 * A shaft, and at its end two short strokes; a dashed one stands for what is only compared.
 * @type {(pen: Pen, state: MapState, arrow: Arrow) => void}
 */
function drawArrow(pen, state, { from, to, dashed }) {
  const [[x, y], [endX, endY]] = [placeOf(state, from), placeOf(state, to)];
  const length = Math.hypot(endX - x, endY - y) || 1;
  const [along, aside] = [(endX - x) / length, (endY - y) / length];
  /** @type {(back: number, off: number) => Place} so far back from the end, and so far to its side */
  const near = (back, off) => [endX - along * back - aside * off, endY - aside * back + along * off];
  if (dashed) {
    for (let at = 0; at < length; at += 2 * DASH) stroke(pen, [near(at, 0), near(at + DASH, 0)], state.look.quiet, 1.5);
    return;
  }
  stroke(pen, [[x, y], near(0, 0)], state.look.text, 2.5);
  stroke(pen, [near(HEAD, HEAD / 2), near(0, 0), near(HEAD, -HEAD / 2)], state.look.text, 2.5);
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
  const ends = state.every || state.arrows.length ? [] : state.lines.map(([, to]) => to);
  return [
    ...[state.picked, state.hovered, ...state.arrows.flatMap(({ from, to }) => [from, to])].map((index) => ({
      index,
      tone: /** @type {Tone} */ ("strong"),
    })),
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
    const boxes = boxesOf(state, placeOf(state, index), widthOf(name) + 6);
    const taken = [...labels.values()].map((label) => label.box);
    const box = boxes.find((one) => !taken.some((other) => overlap(other, one)));
    const insists = tone === "strong" && labels.size < INSISTING + state.arrows.length;
    if (box ?? insists) labels.set(index, { index, name, box: box ?? boxes[0], tone });
  }
  return { labels: [...labels.values()], missing: [...missing] };
}

/** @type {(state: MapState, place: Place) => boolean} */
const onScreen = ({ width, height }, [x, y]) => x > -4 && y > 0 && x < width && y < height;

/** @type {(one: Box, other: Box) => boolean} */
export const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/**
 * Where a name may stand on the map: to the right of its point, to the left, above, below.
 * @type {(state: MapState, place: Place, width: number) => Box[]}
 */
function boxesOf({ look, width: edge, height }, [x, y], width) {
  const half = HALF * look.size;
  const away = FAR + half;
  const places = [
    [x + FAR, y],
    [x - FAR - width, y],
    [x - width / 2, y - away],
    [x - width / 2, y + away],
  ];
  const boxes = places.map(
    ([left, middle]) => /** @type {Box} */ ([left - 2, middle - half, left + width, middle + half]),
  );
  const inside = boxes.filter(
    ([left, top, right, bottom]) => left >= 0 && top >= 0 && right <= edge && bottom <= height,
  );
  return inside.length ? inside : boxes.slice(0, 1);
}

/** @type {(pen: Pen, state: MapState, label: Label) => void} */
function write(pen, state, { name, box: [left, top, right, bottom], tone }) {
  const { look } = state;
  const [red, green, blue] = look.background;
  pen.fillStyle = `rgba(${red},${green},${blue},${tone === "plain" ? 0.72 : 0.9})`;
  pen.fillRect(left, top, right - left, bottom - top);
  pen.fillStyle = { mark: look.accent, strong: look.text, plain: look.quiet }[tone];
  pen.font = fontOf(state, tone !== "plain");
  pen.fillText(name, left + 3, (top + bottom) / 2);
  pen.font = fontOf(state);
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
  const { columns, rows } = gridOf(state);
  const cells = new Uint16Array(columns * rows);
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
  const { width, height, columns } = gridOf(state);
  return Math.floor(y / height) * columns + Math.floor(x / width);
}

/**
 * The cells of the screen, each about as large as a name.
 * @param {MapState} state
 */
function gridOf({ width: whole, height: upwards, look }) {
  const [width, height] = [CELL.width * look.size, CELL.height * look.size];
  return { width, height, columns: Math.ceil(whole / width), rows: Math.ceil(upwards / height) };
}
