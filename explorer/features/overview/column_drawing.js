// One block, drawn: its name, its heads, its connections, and the feed-forward part behind them.
import { bytes } from "../../web/base64.js";
import { sequential } from "../../web/colour.js";
import { svg } from "../../web/dom.js";
import { _, _n } from "../../web/language.js";
import { countedBoard, forwardTint, headTint } from "./counts_drawing.js";
import { STRIP } from "./layout.js";
import { isSaid } from "./sentences.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./sentences.js").Shown} Shown */

/**
 * One block: its name, its heads, its connections, and the feed-forward part behind them.
 * @param {number} index
 * @param {Layout} place
 * @param {Shown} shown
 */
export function drawColumn(index, place, shown) {
  const column = place.columns[index];
  const stream = place.streams.find((one) => one.stack === column.stack);
  const curves = place.curves
    .filter((curve) => curve.column === index)
    .map((curve) => drawCurve(curve, shown, weightOfLines(column)));
  const wide = column.right - column.left > 20;
  const isWritten = stream === place.streams[place.streams.length - 1];
  const at = { x: column.right - 12, y: stream?.y ?? 0 };
  const tinted = shown.counts && isWritten && !column.merged ? forwardTint(shown.counts, column.layer, at) : null;
  const forward = tinted
    ? tinted
    : stream && wide && !place.phone
      ? svg("rect", { class: "forward", x: column.right - 15, y: stream.y - 8, width: 6, height: 16, rx: 2 })
      : null;
  return svg(
    "g",
    { class: "block-column", "data-column": index },
    ...titleOf(index, place, shown),
    boardOf(index, place, shown),
    ...curves,
    forward,
  );
}

/**
 * @param {number} index
 * @param {Layout} place
 * @param {Shown} shown
 */
function titleOf(index, place, { counts }) {
  const column = place.columns[index];
  const middle = (column.left + column.right) / 2;
  const y = place.groups + place.label;
  const room = column.right - column.left;
  const name = room > place.label * 4.6 ? _("Layer {number}", { number: String(column.layer) }) : String(column.layer);
  const skipped = room < place.label * 1.4 && column.layer % 4 !== 0;
  const title = skipped ? null : svg("text", { class: "layer", x: middle, y, "text-anchor": "middle" }, name);
  const first = index === 0 || place.columns[index - 1].stack !== column.stack;
  const group =
    place.groups && first
      ? svg("text", { class: "group", x: column.left, y: place.small }, groupOf(column, place.phone))
      : null;
  const digits = column.merged
    ? []
    : column.lanes.flatMap(({ kind, head, x }) => {
        const at = { x, y: y + place.small + 6 };
        const { cell, ink } = headTint(counts, { kind, layer: column.layer, head }, { ...at, size: place.small });
        const attributes = { class: "digit", ...at, "text-anchor": "middle", style: { fill: ink ?? "" } };
        return [cell, svg("text", { ...attributes, "data-lane": laneKey(kind, column.layer, head) }, String(head))];
      });
  return [group, title, ...digits];
}

/**
 * @param {{ stack: string }} column
 * @param {boolean} phone
 */
function groupOf({ stack }, phone) {
  if (phone) return stack === "source" ? _("Encoder") : _("Decoder");
  return stack === "source"
    ? _("The encoder reads the source")
    : _("The decoder writes, looking back and at the source");
}

/**
 * All heads of a block where there is no room for a lane each: darker looks harder, the most focused on top.
 * @param {number} index
 * @param {Layout} place
 * @param {Shown} shown
 */
function boardOf(index, place, { answer, counts }) {
  const { board, groups, label, phone } = place;
  const column = place.columns[index];
  if (!board) return null;
  const width = (column.right - column.left) / column.lanes.length;
  const top = groups + label + 9;
  if (counts?.parts.length) {
    const heads = (/** @type {string} */ kind) => peaksOf(answer, kind, column.layer, place).length;
    const adds = column.stack === place.streams[place.streams.length - 1].stack;
    if (adds) return countedBoard(counts, column, { phone, top, height: board - 10 - STRIP, heads });
    const text = _("adds through cross-attention alone");
    const hint = { class: "hint", x: column.left + 2, y: top + place.small, "font-size": place.small };
    return index || phone ? null : svg("text", hint, text);
  }
  if (phone) return null;
  const cells = column.lanes.flatMap(({ kind }, lane) => {
    const peaks = peaksOf(answer, kind, column.layer, place).sort((one, two) => two - one);
    const height = (board - 10) / peaks.length;
    return peaks.map((peak, rank) =>
      svg("rect", {
        x: column.left + lane * width + 2,
        y: top + rank * height,
        width: width - 4,
        height: Math.max(1, height - 1),
        fill: sequential.css[Math.round(Math.sqrt(peak / 255) * 255)],
      }),
    );
  });
  return svg("g", { class: "board" }, ...cells);
}

/**
 * @param {Layout} place
 * @param {Shown} shown
 */
export function boardName({ board, groups, label, small, phone }, { facts, counts }) {
  if (!board) return [];
  const count = Math.max(...facts.attention_kinds.map(({ heads }) => heads));
  const all = [_n("{count} head a layer,", "{count} heads a layer,", count)];
  if (!counts?.parts.length) all.push(_("most focused on top"));
  else if (phone) all.splice(0, 1, _("attention,"), _("feed-forward"));
  else all.push(_("most added on top;"), _("feed-forward below"));
  const lines = phone && !counts?.parts.length ? [] : all;
  const y = groups + label + 9 + small;
  const spans = lines.map((line, index) => svg("tspan", { x: 0, y: y + index * small * 1.3 }, line));
  return [svg("text", { class: "hint", "font-size": small }, ...spans)];
}

/**
 * The strongest weight of every head of a layer, in 255ths.
 * @param {Shown["answer"]} answer
 * @param {string} kind
 * @param {number} layer
 * @param {Layout} place
 */
function peaksOf(answer, kind, layer, { columns }) {
  const all = bytes(answer.peaks[kind]);
  const layers = columns.filter((column) => column.lanes.some((lane) => lane.kind === kind)).length;
  const heads = all.length / layers;
  return [...all.slice(layer * heads, (layer + 1) * heads)];
}

/**
 * How thick the lines of a column may be: thinner where it is narrow.
 * @param {Layout["columns"][number]} column
 */
const weightOfLines = ({ left, right }) => Math.max(0.45, Math.min(1, (right - left) / 60));

/**
 * @param {string} kind
 * @param {number} layer
 * @param {number | null} head
 */
export const laneKey = (kind, layer, head) => [kind, layer, head ?? "all"].join(":");

/**
 * @param {Layout["curves"][number]} curve
 * @param {Shown} shown
 * @param {number} thick
 */
function drawCurve({ look, lane, path, x, y }, shown, thick) {
  const says = isSaid(shown, look);
  const strength = says ? 1 : 0.4 + 0.6 * look.weight;
  return svg(
    "g",
    {
      class: says ? "look says" : "look",
      "data-lane": laneKey(look.kind, look.layer, lane.head),
      "data-row": look.row,
      style: { opacity: String(strength) },
    },
    svg("path", { d: path, pathLength: 1, "stroke-width": (0.9 + 6.5 * thick * look.weight).toFixed(2) }),
    svg("circle", { cx: x, cy: y, r: (2.2 + 3.2 * thick * look.weight).toFixed(2) }),
  );
}
