// What remains of the logit with the first tokens of each order taken out: a falling line for each method.
import { svg } from "../../web/dom.js";
import { _, number } from "../../web/language.js";
import { methodNames } from "./attribution_words.js";

/** @typedef {import("../../web/calls.d.ts").DeletionAnswer} DeletionAnswer */

const plain = (/** @type {number} */ value) => number(value, 1);
const [WIDTH, HEIGHT] = [280, 132];
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 8, 8, 30];
const LINE = 11; // what a line of the numbers at the axis takes

/**
 * @param {DeletionAnswer} deletion
 * @param {string} chosen
 */
export function deletionPlot({ counts, curves, random }, chosen) {
  const all = [...Object.values(curves).flat(), ...random];
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const most = counts[counts.length - 1];
  const x = (/** @type {number} */ count) => LEFT + ((WIDTH - LEFT - RIGHT) * count) / Math.max(1, most);
  const y = (/** @type {number} */ value) =>
    TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / Math.max(1e-9, high - low);
  const line = (/** @type {readonly number[]} */ values, /** @type {string} */ kind, /** @type {string} */ name) =>
    svg(
      "polyline",
      {
        points: values.map((value, at) => `${x(counts[at]).toFixed(1)},${y(value).toFixed(1)}`).join(" "),
        class: `deletion-line ${kind}`,
      },
      svg("title", {}, name),
    );
  const others = Object.entries(curves).filter(([method]) => method !== chosen);
  const label = _("What remains of the logit as tokens are taken out, by {method} and at random", {
    method: methodNames(chosen)[0],
  });
  return svg(
    "svg",
    { class: "deletion-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(0), y2: y(0), class: "deletion-axis" }),
    ...[low, 0, high]
      .filter((value) => value === 0 || Math.abs(y(value) - y(0)) > LINE)
      .map((value) => svg("text", { x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, plain(value))),
    svg("text", { x: LEFT, y: HEIGHT - 16, "text-anchor": "middle" }, "0"),
    svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 16, "text-anchor": "end" }, number(most)),
    svg("text", { x: (WIDTH + LEFT) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, _("tokens taken out")),
    ...others.map(([method, values]) => line(values, "is-other", methodNames(method)[0])),
    line(random, "is-random", _("random order")),
    ...(curves[chosen] ? [line(curves[chosen], "is-chosen", methodNames(chosen)[0])] : []),
  );
}

/**
 * How fast the chosen order's line falls, against the random one's.
 * @param {DeletionAnswer} deletion
 * @param {string} chosen
 */
export function deletionSentence({ counts, curves, random }, chosen) {
  const curve = curves[chosen];
  const at = counts.findIndex((count) => count >= 3);
  if (!curve || at < 0) return "";
  return _("Without its first {count} tokens {left} remains; without {count} at random {random} (dashed).", {
    count: counts[at],
    left: plain(curve[at]),
    random: plain(random[at]),
  });
}
