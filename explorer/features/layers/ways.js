// The way of chosen words through the depths: their ranks as lines, first at the top, on a logarithmic scale.

import { h, svg } from "../../web/dom.js";
import { count, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { stepName } from "../../web/steps.js";

/** @typedef {import("../../web/calls.d.ts").WayAnswer} WayAnswer */

// Told apart by their strokes as well as by their shades; the model's own answer in the colour of what is said.
const DASHES = ["", "7 4", "2 4", "12 4 2 4", "1 7", "16 6", "4 2"];
const COLOURS = [
  "var(--says)",
  "var(--ink)",
  "var(--quiet)",
  "var(--ink)",
  "var(--quiet)",
  "var(--ink)",
  "var(--quiet)",
];

/**
 * Where a rank lies between the top (0, first) and the bottom (1) of a logarithmic scale that ends at `worst`.
 * @param {number} rank
 * @param {number} worst
 */
export const rankPlace = (rank, worst) => Math.log10(rank) / Math.max(1, Math.log10(worst));

/**
 * @param {readonly WayAnswer[]} ways
 * @param {{ width: number, height: number, depth: number, choose: (depth: number) => void }} given
 */
export function waysPicture(ways, { width, height, depth, choose }) {
  const [left, right, top, bottom] = [52, 12, 12, 24];
  const last = ways[0].ranks.length - 1;
  const worst = 10 ** Math.ceil(Math.log10(Math.max(10, ...ways.flatMap((way) => way.ranks))));
  const x = (/** @type {number} */ at) => left + (at / Math.max(1, last)) * (width - left - right);
  const y = (/** @type {number} */ rank) => top + rankPlace(rank, worst) * (height - top - bottom);
  const decades = Array.from({ length: Math.round(Math.log10(worst)) + 1 }, (_one, power) => 10 ** power);
  const every = Math.max(1, Math.ceil(last / 8));
  const shown = Array.from({ length: last + 1 }, (_one, at) => at).filter((at) => at % every === 0 || at === last);
  const label = ways.map((way) => `${stepName(way)}: ${way.ranks.map(count).join(", ")}`).join("; ");
  const root = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": _("Rank by depth. {ways}", { ways: label }) },
    decades.flatMap((rank) => [
      svg("line", { class: "way-rule", x1: left, x2: width - right, y1: y(rank), y2: y(rank) }),
      svg("text", { x: left - 6, y: y(rank) + 4, "text-anchor": "end" }, count(rank)),
    ]),
    svg("line", { class: "way-here", x1: x(depth), x2: x(depth), y1: top, y2: height - bottom }),
    shown.map((at) => svg("text", { x: x(at), y: height - 6, "text-anchor": "middle" }, String(at))),
    ways.map((way, place) =>
      svg(
        "polyline",
        {
          ...{ class: "way-line", points: way.ranks.map((rank, at) => `${x(at)},${y(rank)}`).join(" ") },
          ...{ stroke: colourOf(place), "stroke-dasharray": dashOf(place) },
        },
        svg("title", null, stepName(way)),
      ),
    ),
  );
  root.addEventListener("click", (event) => {
    const { left: edge, width: drawn } = root.getBoundingClientRect();
    const share = (((event.clientX - edge) / drawn) * width - left) / (width - left - right);
    choose(Math.min(last, Math.max(0, Math.round(share * last))));
  });
  return root;
}

/** @param {number} place */
const colourOf = (place) => COLOURS[place % COLOURS.length];

/** @param {number} place */
const dashOf = (place) => DASHES[place % DASHES.length];

/**
 * The key of the lines: each word with its rank at the chosen depth, those that were typed can be taken away.
 * @param {readonly WayAnswer[]} ways
 * @param {number} depth
 * @param {(typed: string) => void} remove
 */
export function waysKey(ways, depth, remove) {
  return ways.map((way, place) => {
    const style = { borderTopColor: colourOf(place), borderTopStyle: dashOf(place) ? "dashed" : "solid" };
    const told = _("{word}: rank {rank}, {share}", {
      ...{ word: stepName(way), rank: count(way.ranks[depth]), share: percent(way.probabilities[depth]) },
    });
    const away = way.typed
      ? h(
          "button",
          { "aria-label": _("Stop following {word}", { word: way.typed }), onclick: () => remove(way.typed) },
          "×",
        )
      : null;
    return h("li", null, h("span", { class: "way-key", style }), h("span", { dir: "auto" }, told), away);
  });
}
