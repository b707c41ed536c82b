// The curve of cumulative probability, and where top-p cuts it.
import { cssVariable } from "../../web/colour.js";
import { count, percentWhole } from "../../web/format.js";

/** @typedef {import("../../web/calls.d.ts").MassAnswer} MassAnswer */
/** @typedef {[number, number]} Point */

const [LEFT, BOTTOM, TOP, RIGHT] = [38, 20, 8, 8];

/**
 * Where ranks and probabilities lie in a plot of this size.
 * @param {number} width
 * @param {number} height
 * @param {number} last  the last rank
 */
export function axes(width, height, last) {
  return {
    /** @type {(rank: number) => number} */
    x: (rank) => LEFT + ((width - LEFT - RIGHT) * Math.log(rank)) / Math.log(Math.max(2, last)),
    /** @type {(mass: number) => number} */
    y: (mass) => TOP + (height - TOP - BOTTOM) * (1 - mass),
  };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Point[]} points
 */
function line(pen, points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.stroke();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D | null}
 */
function sized(canvas) {
  const density = window.devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * density;
  canvas.height = canvas.clientHeight * density;
  const pen = canvas.getContext("2d");
  pen?.scale(density, density);
  return pen;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {MassAnswer} mass
 */
export function drawMass(canvas, { ranks, cumulative, top_p: limit, kept }) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = width ? sized(canvas) : null;
  if (!pen) return;
  const last = ranks[ranks.length - 1];
  const { x, y } = axes(width, height, last);
  const right = width - RIGHT;
  pen.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  pen.fillStyle = cssVariable("--quiet");
  pen.strokeStyle = cssVariable("--line");
  for (const share of [0, 0.5, 1]) {
    pen.fillText(percentWhole(share), 2, y(share) + 4);
    line(pen, [[LEFT, y(share)], [right, y(share)]]); // biome-ignore format: two points
  }
  for (let rank = 1; rank <= last; rank *= 10) pen.fillText(count(rank), x(rank) - 4, height - 5);
  pen.lineWidth = 2;
  pen.strokeStyle = cssVariable("--accent");
  line(
    pen,
    ranks.map((rank, index) => [x(rank), y(cumulative[index])]),
  );
  if (limit < 1) drawLimit(pen, [right, y(limit)], [x(kept), y(0), y(1)]);
}

/**
 * Two dashed lines: the probability top-p asks for, and the last token it keeps.
 * @param {CanvasRenderingContext2D} pen
 * @param {[right: number, height: number]} across
 * @param {[x: number, low: number, high: number]} down
 */
function drawLimit(pen, [right, height], [x, low, high]) {
  pen.setLineDash([5, 4]);
  pen.strokeStyle = cssVariable("--body-text-color");
  line(pen, [[LEFT, height], [right, height]]); // biome-ignore format: two points
  line(pen, [[x, low], [x, high]]); // biome-ignore format: two points
  pen.setLineDash([]);
}
