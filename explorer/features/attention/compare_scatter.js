// The heads of two models by what they do: a scatter on two measures, and which head of each side is shown.
import { find, h, svg } from "../../web/dom.js";
import { decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { set, state } from "../../web/store.js";
import { scoreText } from "./head_scores.js";

/** @typedef {import("../../web/calls.d.ts").HeadLikenessAnswer} HeadLikenessAnswer */
/** @typedef {import("../../web/calls.d.ts").BehavingHead} BehavingHead */
/** @typedef {{ layer: number, head: number }} Place */
/** @typedef {{ key: string, title: string }} Named */

const SIZE = { width: 300, height: 250, left: 46, right: 10, top: 12, bottom: 40 };
const WHOLE = new Set(["previous", "induction", "first"]); // shares, from 0 to 1

/** @param {Place} place */
export const headName = ({ layer, head }) => `${layer}·${head}`;

/**
 * The head that a choice names; null where the side has none of that name.
 * @param {string} choice  "2:1" is layer 2, head 1
 * @param {readonly BehavingHead[]} heads
 * @returns {BehavingHead | null}
 */
export const headIn = (choice, heads) => heads.find(({ layer, head }) => choice === `${layer}:${head}`) ?? null;

/**
 * The head of side B that behaves most like a head of side A; null where nothing tells.
 * @param {HeadLikenessAnswer} answer
 * @param {Place} place
 * @returns {BehavingHead | null}
 */
export function nearestTo({ heads, others, nearest }, { layer, head }) {
  const here = heads.findIndex((one) => one.layer === layer && one.head === head);
  return others[nearest[here] ?? -1] ?? null;
}

/**
 * The measures on the axes: the chosen ones where they are known, else the first that are.
 * @param {HeadLikenessAnswer} answer
 * @returns {[string, string]}
 */
export function axesOf({ counted, measures }) {
  const known = counted.length ? counted : measures;
  const across = known.includes(state.compare_x) ? state.compare_x : known[0];
  const up = known.includes(state.compare_y) ? state.compare_y : (known.find((key) => key !== across) ?? known[0]);
  return [across, up];
}

/**
 * @param {HTMLElement} element
 * @param {HeadLikenessAnswer} answer
 * @param {{ here: Place, there: Place | null }} chosen
 * @param {readonly Named[]} scores  what the measures are called
 */
export function showScatter(element, answer, chosen, scores) {
  const [across, up] = axesOf(answer);
  const titleOf = (/** @type {string} */ key) => scores.find((score) => score.key === key)?.title ?? key;
  find(element, ".att-choices").replaceChildren(...choices(answer, chosen, titleOf));
  const plane = planeOf(answer, across, up);
  const dots = [
    ...answer.others.map((head) => dot("B", head, plane, () => set({ compare_head: `${head.layer}:${head.head}` }))),
    ...answer.heads.map((head) =>
      dot("A", head, plane, () => set({ layer: head.layer, head: head.head, compare_head: "" })),
    ),
  ];
  const picture = find(element, ".att-scatter", SVGSVGElement);
  picture.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
  const label = _("Heads of A (filled) and B (open) by {across} and {up}", {
    across: titleOf(across),
    up: titleOf(up),
  });
  picture.setAttribute("aria-label", label);
  picture.replaceChildren(...frame(plane, titleOf), ...dots, ...marked(answer, chosen, plane));
}

// ---- what is chosen -------------------------------------------------------------------------------------------------

/**
 * @param {HeadLikenessAnswer} answer
 * @param {{ here: Place, there: Place | null }} chosen
 * @param {(key: string) => string} titleOf
 */
function choices(answer, { here, there }, titleOf) {
  const [across, up] = axesOf(answer);
  const place = (/** @type {Place | null} */ one) => (one ? `${one.layer}:${one.head}` : "");
  const heads = (/** @type {readonly BehavingHead[]} */ list) =>
    list.map((one) => /** @type {[string, string]} */ ([place(one), headName(one)]));
  const measures = answer.counted.map((key) => /** @type {[string, string]} */ ([key, titleOf(key)]));
  const near = nearestTo(answer, here);
  /** @type {[string, string][]} */
  const nearest = near ? [["", _("nearest: {head}", { head: headName(near) })]] : [];
  const own = headIn(state.compare_head, answer.others) ? place(there) : "";
  return [
    ...choice(_("Head of A"), heads(answer.heads), place(here), (value) => {
      const [layer, head] = value.split(":").map(Number);
      set({ layer, head, compare_head: "" });
    }),
    ...choice(_("of B"), [...nearest, ...heads(answer.others)], own, (value) => set({ compare_head: value })),
    ...choice(_("Across"), measures, across, (value) => set({ compare_x: /** @type {any} */ (value) })),
    ...choice(_("Up"), measures, up, (value) => set({ compare_y: /** @type {any} */ (value) })),
  ];
}

/**
 * @param {string} label
 * @param {[string, string][]} options
 * @param {string} value
 * @param {(value: string) => void} onSelect
 */
function choice(label, options, value, onSelect) {
  const select = h(
    "select",
    { "aria-label": label, onchange: () => onSelect(select.value) },
    options.map(([key, name]) => h("option", { value: key, selected: key === value }, name)),
  );
  return [h("span", { "aria-hidden": true }, label), select];
}

// ---- the picture ----------------------------------------------------------------------------------------------------

/** @typedef {{ x: (head: BehavingHead) => number | null, y: (head: BehavingHead) => number | null, across: string,
 *   up: string, most: [number, number] }} Plane */

/**
 * @param {HeadLikenessAnswer} answer
 * @param {string} across
 * @param {string} up
 * @returns {Plane}
 */
function planeOf({ measures, heads, others }, across, up) {
  /** @type {(key: string) => number} */
  const mostOf = (key) => {
    if (WHOLE.has(key)) return 1;
    const at = measures.indexOf(key);
    return Math.max(1e-6, ...[...heads, ...others].map(({ values }) => values[at] ?? 0));
  };
  const most = /** @type {[number, number]} */ ([mostOf(across), mostOf(up)]);
  const { width, height, left, right, top, bottom } = SIZE;
  /** @type {(key: string, place: (share: number) => number, end: number) => (head: BehavingHead) => number | null} */
  const along =
    (key, place, end) =>
    ({ values }) => {
      const value = values[measures.indexOf(key)] ?? null;
      return value === null ? null : place(value / end);
    };
  return {
    x: along(across, (share) => left + share * (width - left - right), most[0]),
    y: along(up, (share) => height - bottom - share * (height - top - bottom), most[1]),
    ...{ across, up, most },
  };
}

/**
 * @param {"A" | "B"} side
 * @param {BehavingHead} head
 * @param {Plane} plane
 * @param {() => void} onClick
 */
function dot(side, head, { x, y, across, up }, onClick) {
  const [cx, cy] = [x(head), y(head)];
  const name = `${side} ${headName(head)}`;
  if (cx === null || cy === null) return svg("g", null);
  const tip = `${name} (${across}, ${up})`;
  const look = { "data-side": side, "data-head": headName(head), "data-tip": tip, onclick: onClick };
  const node =
    side === "A"
      ? svg("circle", { cx, cy, r: 5, class: "att-a", ...look })
      : svg("rect", { x: cx - 4.5, y: cy - 4.5, width: 9, height: 9, class: "att-b", ...look });
  node.append(svg("title", null, name));
  return node;
}

/**
 * @param {Plane} plane
 * @param {(key: string) => string} titleOf
 */
function frame({ across, up, most }, titleOf) {
  const { width, height, left, right, top, bottom } = SIZE;
  const [end, foot] = [width - right, height - bottom];
  const said = (/** @type {string} */ key, /** @type {number} */ value) =>
    WHOLE.has(key) ? scoreText(value, key) : decimals(value, 1);
  return [
    svg("path", { d: `M${left} ${top}V${foot}H${end}`, fill: "none", class: "att-axis" }),
    svg("text", { x: left, y: foot + 16 }, "0"),
    svg("text", { x: end, y: foot + 16, "text-anchor": "end" }, said(across, most[0])),
    svg("text", { x: (left + end) / 2, y: foot + 32, "text-anchor": "middle" }, `${titleOf(across)} →`),
    svg("text", { x: left - 6, y: top + 8, "text-anchor": "end" }, said(up, most[1])),
    svg(
      "text",
      { x: 12, y: (top + foot) / 2, transform: `rotate(-90 12 ${(top + foot) / 2})`, "text-anchor": "middle" },
      `${titleOf(up)} →`,
    ),
  ];
}

/**
 * The two chosen heads, named and tied.
 * @param {HeadLikenessAnswer} answer
 * @param {{ here: Place, there: Place | null }} chosen
 * @param {Plane} plane
 */
function marked({ heads, others }, { here, there }, { x, y }) {
  const find_ = (/** @type {readonly BehavingHead[]} */ list, /** @type {Place | null} */ place) =>
    list.find(({ layer, head }) => layer === place?.layer && head === place?.head);
  const ends = [find_(heads, here), find_(others, there)].map((head) => (head ? [x(head), y(head)] : [null, null]));
  /** @type {SVGElement[]} */
  const nodes = [];
  const [[x1, y1], [x2, y2]] = ends;
  if (x1 !== null && y1 !== null && x2 !== null && y2 !== null)
    nodes.push(svg("line", { x1, y1, x2, y2, class: "att-tie" }));
  for (const [index, [cx, cy]] of ends.entries()) {
    const place = index ? there : here;
    if (cx === null || cy === null || !place) continue;
    nodes.push(svg("circle", { cx, cy, r: 9, class: "tile-mark", "pointer-events": "none" }));
    const isLeft = cx > SIZE.width * 0.7;
    const look = {
      x: cx + (isLeft ? -12 : 12),
      y: cy + (index ? 16 : -8),
      "text-anchor": isLeft ? "end" : "start",
      class: "is-chosen",
    };
    nodes.push(svg("text", look, `${index ? "B" : "A"} ${headName(place)}`));
  }
  return nodes;
}
