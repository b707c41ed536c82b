// The plane through the three words of a sum, as SVG: there a − b + c is the fourth corner of a parallelogram, exactly.
import { svg } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { overlap } from "../../web/map/labels.js";
import { wordOf } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").ArithmeticAnswer} Sum */
/** @typedef {[number, number]} Place in pixels of the picture */
/** @typedef {"right" | "left" | "above" | "below"} Side of its dot, where a name stands */
/** @typedef {{ name: string, place: Place, tone: "corner" | "sum" | "best" | "other", side: Side }} Word */
/** @typedef {Word & { box: [number, number, number, number], left: number, middle: number }} Named */

const MARGIN = { across: 90, upwards: 44 };
const HEAD = 12; // pixels, of an arrow
const LETTER = 0.56; // of the height of type: how wide a letter is about
const RADIUS = { corner: 6, sum: 8, best: 8, other: 4 };

/**
 * From the plane to the picture: the same scale both ways, everything inside; the step from b to a goes up, or, in a
 * picture that is wider than high, to the right.
 * @param {Sum["plane"]} plane
 * @param {{ width: number, height: number }} size
 * @returns {(place: readonly number[]) => Place}
 */
export function scaleOf({ inputs, sum, results }, { width, height }) {
  const isWide = width > height;
  /** @type {(place: readonly number[]) => readonly number[]} */
  const laid = ([x, y]) => (isWide ? [y, x] : [x, y]);
  const places = [...inputs, sum, ...results].map(laid);
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const spans = [xs, ys].map((values) => Math.max(Math.max(...values) - Math.min(...values), 1e-6));
  const room = [width - 2 * MARGIN.across, height - 2 * MARGIN.upwards].map((size) => Math.max(size, 40));
  const scale = Math.min(room[0] / spans[0], room[1] / spans[1]);
  const [middleX, middleY] = [xs, ys].map((values) => (Math.max(...values) + Math.min(...values)) / 2);
  return (place) => {
    const [x, y] = laid(place);
    return [width / 2 + (x - middleX) * scale, height / 2 - (y - middleY) * scale];
  };
}

/**
 * Every word at its place, the most important first.
 * @param {Sum} sum
 * @param {(place: readonly number[]) => Place} at
 * @returns {Word[]}
 */
export function wordsOf({ inputs, results, plane }, at) {
  const [[fromX, fromY], [toX, toY]] = [at(plane.inputs[1]), at(plane.inputs[0])];
  /** @type {(isStart: boolean) => Side} behind the start of an arrow, beyond its end */
  const sideOf = (isStart) => (isStart && Math.abs(toX - fromX) > Math.abs(toY - fromY) ? "left" : "right");
  const corners = inputs.map(({ text }, place) => ({
    name: wordOf(text),
    place: at(plane.inputs[place]),
    tone: /** @type {const} */ ("corner"),
    side: sideOf(place > 0),
  }));
  const answers = results.map(({ text }, place) => ({
    name: wordOf(text),
    place: at(plane.results[place]),
    tone: place ? /** @type {const} */ ("other") : /** @type {const} */ ("best"),
    side: /** @type {const} */ ("right"),
  }));
  return [...corners, { name: _("the sum"), place: at(plane.sum), tone: "sum", side: "right" }, ...answers];
}

/**
 * The words whose names fit, beside their dots, none over another or over another's dot.
 * @param {readonly Word[]} words
 * @param {number} size  of the type, in pixels
 * @param {number} width  of the picture
 * @returns {Named[]}
 */
export function namedWords(words, size, width) {
  /** @type {Named[]} */
  const named = [];
  const dots = words.map(({ place: [x, y], tone }) => boxAt(x - RADIUS[tone], y, 2 * RADIUS[tone], 10));
  for (const word of words) {
    const long = [...word.name].length * LETTER * size * (word.tone === "other" ? 1 : 1.15) + 4;
    const places = placesOf(word, long, size).filter(({ box: [left, , right] }) => left >= 0 && right <= width);
    const taken = [...named.map(({ box }) => box), ...dots];
    const free = places.find(({ box }) => !taken.some((other) => overlap(other, box)));
    if (free) named.push({ ...word, ...free });
  }
  return named;
}

/**
 * Where a name may stand, the wished side first.
 * @param {Word} word
 * @param {number} long  how wide it is written
 * @param {number} size  of the type
 */
function placesOf({ place: [x, y], tone, side }, long, size) {
  const gap = RADIUS[tone] + 6;
  /** @type {Record<Side, Place>} */
  const starts = {
    right: [x + gap, y],
    left: [x - gap - long, y],
    above: [x - long / 2, y - gap - size / 2],
    below: [x - long / 2, y + gap + size / 2],
  };
  const sides = /** @type {const} */ (["right", "left", "above", "below"]);
  // A step arrives at the sum from its left: a name there would stand on the arrow.
  const wished = tone === "sum" ? /** @type {const} */ (["right", "above", "below", "left"]) : sides;
  const ordered = [side, ...wished.filter((one) => one !== side)];
  return ordered.map((one) => {
    const [left, middle] = starts[one];
    return { left, middle, box: boxAt(left, middle, long, size) };
  });
}

/** @type {(left: number, y: number, long: number, size: number) => Named["box"]} */
const boxAt = (left, y, long, size) => [left, y - 0.75 * size, left + long, y + 0.75 * size];

/**
 * An arrow's shaft and head as a path; it ends at the edge of the dot it points to.
 * @param {Place} from
 * @param {Place} to
 * @param {number} radius  of that dot
 */
export function arrowPath([x, y], [endX, endY], radius) {
  const length = Math.hypot(endX - x, endY - y) || 1;
  const [along, aside] = [(endX - x) / length, (endY - y) / length];
  const short = Math.min(radius + 2, length);
  /** @type {(back: number, off: number) => string} */
  const near = (back, off) => {
    const left = endX - along * (short + back) - aside * off;
    const top = endY - aside * (short + back) + along * off;
    return `${left.toFixed(1)} ${top.toFixed(1)}`;
  };
  const head = `M${near(HEAD, HEAD / 2)}L${near(0, 0)}L${near(HEAD, -HEAD / 2)}`;
  return `M${x.toFixed(1)} ${y.toFixed(1)}L${near(0, 0)}${head}`;
}

/**
 * The picture.
 * @param {Sum} sum
 * @param {{ width: number, height: number, type: number }} size  `type` is the height of names
 */
export function sumPicture(sum, { width, height, type }) {
  const at = scaleOf(sum.plane, { width, height });
  const words = wordsOf(sum, at);
  const [a, b, c] = sum.plane.inputs.map(at);
  const total = at(sum.plane.sum);
  const best = words.find(({ tone }) => tone === "best")?.place;
  /** @type {(from: Place, to: Place, kind: string) => SVGElement} */
  const line = ([x1, y1], [x2, y2], kind) => svg("line", { x1, y1, x2, y2, class: kind });
  const dots = words.map(({ place: [cx, cy], tone, name }) =>
    svg("circle", { cx, cy, r: RADIUS[tone], class: `sum-dot sum-${tone}` }, svg("title", null, name)),
  );
  const names = namedWords(words, type, width).map(({ left, middle, name, tone }) =>
    svg("text", { x: left, y: middle + type / 3, class: `sum-name sum-${tone}` }, name),
  );
  return svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": describe(sum) },
    [line(b, c, "sum-side"), line(a, total, "sum-side"), ...(best ? [line(total, best, "sum-miss")] : [])],
    [
      svg("path", { d: arrowPath(b, a, RADIUS.corner), class: "sum-step" }),
      svg("path", { d: arrowPath(c, total, RADIUS.sum), class: "sum-step" }),
    ],
    dots,
    names,
  );
}

/** @param {Sum} sum */
function describe({ inputs, results }) {
  const [a, b, c] = inputs.map(({ text }) => wordOf(text));
  const answers = results.map(({ text }) => wordOf(text)).join(", ");
  return _(
    "The plane through {a}, {b} and {c}: the step from {b} to {a}, taken again from {c}. Near its end: {answers}",
    { a, b, c, answers },
  );
}
