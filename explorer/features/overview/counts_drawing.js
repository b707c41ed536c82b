// What counts, drawn into the picture: tinted heads and feed-forward parts, and the depth where the token first leads.
import { cssOf, diverging, indexOf, inkOn } from "../../web/colour.js";
import { svg } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { attentionValue, forwardValue, most, placeOf, whyNot } from "./counts.js";
import { fitted } from "./fitting.js";
import { STRIP } from "./layout.js";
import { guessName } from "./sentences.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("../../web/calls.d.ts").CountsAnswer} CountsAnswer */

const STEPS = 9; // of the scale in the legend
const NOTE = 4; // lines that the reason takes where there is less to draw

/**
 * The colour of a value, and of what is written on it.
 * @param {CountsAnswer} counts
 * @param {number} value
 */
function tint(counts, value) {
  const colour = diverging.colours[indexOf(placeOf(counts, value))];
  return { fill: cssOf(colour), ink: inkOn(colour) };
}

/**
 * The tint behind a head's number.
 * @param {CountsAnswer | null} counts
 * @param {{ kind: string, layer: number, head: number | null }} which
 * @param {{ x: number, y: number, size: number }} at  where the number is written
 */
export function headTint(counts, which, { x, y, size }) {
  const value = counts && attentionValue(counts, which);
  if (!counts || value === null) return { cell: null, ink: null };
  const { fill, ink } = tint(counts, value);
  const width = size * 1.35;
  const box = { x: x - width / 2, y: y - size * 0.98, width, height: size * 1.3, rx: 4 };
  const best = most(counts);
  const isMost = best?.layer === which.layer && best.head === which.head && value === best.value;
  return { cell: svg("rect", { class: isMost ? "counted most" : "counted", ...box, style: { fill } }), ink };
}

/**
 * The heads of a layer where they share a lane: a cell for each, what adds most on top, and below them the feed-forward
 * part's. On a phone one cell for all heads of a kind.
 * @param {CountsAnswer} counts
 * @param {Column} column
 * @param {{ phone: boolean, top: number, height: number, heads: (kind: string) => number }} room
 */
export function countedBoard(counts, column, { phone, top, height, heads }) {
  const width = (column.right - column.left) / column.lanes.length;
  const cells = column.lanes.flatMap(({ kind }, lane) => {
    const values = phone ? [attentionValue(counts, { kind, layer: column.layer, head: null })] : valuesOf(kind);
    const known = /** @type {number[]} */ (values.filter((value) => value !== null)).sort((one, two) => two - one);
    const high = height / known.length;
    return known.map((value, rank) =>
      cell(column.left + lane * width + 2, top + rank * high, width - 4, high - 1, value),
    );
  });
  const forward = cells.length ? forwardValue(counts, column.layer) : null;
  const below = { x: column.left + 2, y: top + height + 3, width: column.right - column.left - 4 };
  if (forward !== null && cells.length) cells.push(cell(below.x, below.y, below.width, STRIP - 3, forward));
  return svg("g", { class: "board" }, ...cells);

  /** @param {string} kind */
  function valuesOf(kind) {
    return [...Array(heads(kind)).keys()].map((head) => attentionValue(counts, { kind, layer: column.layer, head }));
  }

  /** @type {(x: number, y: number, width: number, height: number, value: number) => SVGElement} */
  function cell(x, y, wide, high, value) {
    const fill = tint(counts, value).fill;
    return svg("rect", { class: "counted", x, y, width: wide, height: Math.max(1, high), style: { fill } });
  }
}

/**
 * The mark of a feed-forward part, tinted.
 * @param {CountsAnswer} counts
 * @param {number} layer
 * @param {{ x: number, y: number }} at  its right edge, and the middle of the stream
 */
export function forwardTint(counts, layer, { x, y }) {
  const value = forwardValue(counts, layer);
  if (value === null) return null;
  const best = most(counts);
  const isMost = best?.layer === layer && best.head === null && best.value === value;
  const style = { fill: tint(counts, value).fill };
  const box = { x: x - 14, y: y - 13, width: 14, height: 26, rx: 4 };
  return svg("rect", { class: isMost ? "counted most" : "counted", ...box, style });
}

/**
 * The depth where the token first leads: a second ring, and a line down to what is said there.
 * @param {Layout} place
 * @param {CountsAnswer | null} counts
 */
export function drawFirst({ streams, phone, bottom }, counts) {
  if (!counts || counts.first === null) return [];
  const { y, rings } = streams[streams.length - 1];
  const x = rings[counts.first];
  const down = phone ? null : svg("line", { class: "first-leads", x1: x, x2: x, y1: y + 11, y2: bottom + 14 });
  return [svg("g", null, down, svg("circle", { class: "first-leads", cx: x, cy: y, r: phone ? 8 : 11 }))];
}

/**
 * What the tints and the ring mean.
 * @param {CountsAnswer} counts
 * @param {{ left: number, top: number, width: number, small: number }} at
 */
export function countsLegend(counts, { left, top, width, small }) {
  const word = guessName(counts.token);
  const lines = [];
  let y = top;
  if (counts.parts.length) {
    const ends = [_("lowers"), _("raises it")];
    const [start, pitch] = [left + 4.2 * small, 0.9 * small];
    const steps = Array.from({ length: STEPS }, (_step, at) =>
      svg("rect", {
        class: "counted",
        ...{ x: start + at * pitch, y: y - small * 0.82, width: pitch, height: small },
        style: { fill: diverging.css[indexOf(at / (STEPS - 1))] },
      }),
    );
    const after = start + STEPS * pitch + 8;
    const texts = [
      svg("text", { class: "hint", x: left, y, "font-size": small }, ends[0]),
      svg("text", { class: "hint", x: after, y, "font-size": small }, fitted(ends[1], left + width - after, small)),
    ];
    lines.push(...steps, ...texts);
    y += 1.4 * small;
  }
  if (counts.first !== null) {
    const ring = { cx: left + 13, cy: y - small * 0.34, r: small * 0.42 };
    const text = fitted(_("“{word}” first leads here", { word }), width - 36, small);
    lines.push(svg("circle", { class: "first-leads", ...ring }));
    lines.push(svg("text", { class: "hint", x: left + 36, y, "font-size": small }, text));
  }
  return lines;
}

/**
 * How many lines the legend needs.
 * @param {CountsAnswer | null} counts
 */
export function legendLines(counts) {
  if (!counts) return 0;
  return [counts.parts.length, counts.first !== null].filter(Boolean).length + (whyNot(counts) ? NOTE : 0);
}
