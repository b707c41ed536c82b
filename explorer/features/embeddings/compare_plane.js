// The states of both sides on one plane: A's as discs, B's as squares, a line between tokens that correspond.
import { svg } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").CompareStatesAnswer} CompareStatesAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {{ answer: CompareStatesAnswer, tokens: readonly TokenRow[], others: readonly TokenRow[], chosen: number,
 *   width: number, height: number, pick: (position: number) => void }} Plane */
/** @typedef {[x: number, y: number]} Place */

const EDGE = { left: 28, right: 90, top: 20, bottom: 40 };
const LETTER = 8.5; // pixels that a letter of a name takes, about
const LINE = 18; // pixels

/**
 * Points in pixels; each axis has a scale of its own, or a cloud that is long would be a line.
 * @param {readonly (readonly (number | null)[])[]} points
 * @param {{ width: number, height: number }} size
 * @returns {Place[]}
 */
export function placesOf(points, { width, height }) {
  const axes = [0, 1].map((axis) => points.map((point) => point[axis] ?? 0));
  const shares = axes.map((values) => {
    const low = Math.min(...values);
    const span = Math.max(...values) - low;
    return values.map((value) => (span > 0 ? (value - low) / span : 0.5));
  });
  return points.map((_point, index) => [
    EDGE.left + shares[0][index] * (width - EDGE.left - EDGE.right),
    height - EDGE.bottom - shares[1][index] * (height - EDGE.top - EDGE.bottom),
  ]);
}

/**
 * Which names fit: each keeps its place to the right of its point unless a name before it lies there.
 * @param {readonly { at: Place, name: string }[]} names  the important ones first
 */
export function fitting(names) {
  /** @type {[number, number, number][]} */
  const taken = [];
  return names.map(({ at: [x, y], name }) => {
    const end = x + LETTER * name.length + 10;
    const isFree = taken.every(([from, to, line]) => end < from || x > to || Math.abs(line - y) > LINE);
    if (isFree) taken.push([x, end, y]);
    return isFree;
  });
}

/**
 * @param {SVGSVGElement} root
 * @param {Plane} plane
 */
export function drawPlane(root, plane) {
  const { answer, tokens, others, chosen, width, height, pick } = plane;
  const places = placesOf([...answer.points, ...answer.other_points], plane);
  const [here, there] = [places.slice(0, tokens.length), places.slice(tokens.length)];
  const paired = new Map(answer.pairs.map(({ position, other }) => [position, other]));
  const back = new Map(answer.pairs.map(({ position, other }) => [other, position]));
  const first = [...(paired.has(chosen) ? [chosen] : []), ...answer.pairs.map(({ position }) => position)];
  const order = [...new Set([...first, ...tokens.keys()])].filter((position) => position in here);
  const named = [
    ...order.map((position) => ({ side: "A", position, at: here[position], name: wordName(tokens[position]) })),
    ...others.map((token, position) => ({ side: "B", position, at: there[position], name: wordName(token) })),
  ];
  const shown = fitting(named);
  const groups = named.map(({ side, position, at: [x, y], name }, index) => {
    const own = side === "A" ? position : back.get(position);
    const look = { class: "states-mark", "data-side": side, onclick: () => own !== undefined && pick(own) };
    const mark =
      side === "A"
        ? svg("circle", { cx: x, cy: y, r: 6, class: "states-a" })
        : svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, class: "states-b" });
    const other = side === "A" ? there[paired.get(position) ?? -1] : undefined;
    const tie = other ? [svg("line", { x1: x, y1: y, x2: other[0], y2: other[1], class: "states-tie" })] : [];
    const text = shown[index] ? [svg("text", { x: x + 10, y: y + 5 }, name)] : [];
    const isChosen = own !== undefined && own === chosen;
    return svg("g", { ...look, "data-chosen": isChosen }, svg("title", null, `${side}: ${name}`), tie, mark, text);
  });
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const label = _("States of A (discs) and B (squares) at depth {depth}, on one plane", { depth: answer.depth });
  root.setAttribute("aria-label", label);
  root.replaceChildren(...frame(answer, width, height), ...groups.toReversed());
}

/**
 * @param {CompareStatesAnswer} answer
 * @param {number} width
 * @param {number} height
 */
function frame({ explained }, width, height) {
  const [across, up] = [0, 1].map((axis) => percent(explained[axis] ?? 0));
  const foot = height - 14;
  return [
    svg("path", { d: `M12 ${EDGE.top}V${foot - 12}H${width - 8}`, class: "states-frame" }),
    svg(
      "text",
      { x: width - 8, y: foot + 6, "text-anchor": "end", class: "states-axis" },
      _("PC 1: {share} →", { share: across }),
    ),
    svg("text", { x: 18, y: EDGE.top - 4, class: "states-axis" }, _("↑ PC 2: {share}", { share: up })),
  ];
}
