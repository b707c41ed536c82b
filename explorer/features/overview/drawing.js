// The picture itself, as SVG: what `layout` placed is drawn here. Colours and fonts are the style sheet's.
import { bytes } from "../../web/base64.js";
import { sequential } from "../../web/colour.js";
import { svg } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { fitted } from "./fitting.js";
import { drawBars, drawGuesses } from "./outcome_drawing.js";
import { isSaid, tileName, winnerOf } from "./sentences.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./sentences.js").Shown} Shown */

/**
 * Draws all of it.
 * @param {SVGSVGElement} root
 * @param {Layout} place
 * @param {Shown} shown
 */
export function draw(root, place, shown) {
  root.setAttribute("viewBox", `0 0 ${place.width} ${place.height}`);
  root.setAttribute("width", String(place.width));
  root.setAttribute("height", String(place.height));
  root.style.setProperty("--label", `${place.label}px`);
  root.style.setProperty("--small", `${place.small}px`);
  root.replaceChildren(
    drawGuides(place),
    ...boardName(place, shown),
    svg("g", { class: "streams" }, ...place.streams.flatMap((stream) => drawStream(stream, place, shown))),
    ...place.columns.map((_column, index) => drawColumn(index, place, shown)),
    ...drawRings(place, shown),
    drawTiles(place, shown),
    drawGuesses(place, shown),
    drawBars(place, place.bars, shown),
  );
}

/** @param {Layout} place */
function drawGuides({ tiles, tile, right, columns, head, bottom }) {
  const rows = tiles.map(({ y, first, last, height }) => {
    const folded = last > first;
    return folded
      ? svg("rect", {
          class: "folded-guide",
          x: tile,
          y: y - height * 0.22,
          width: right - tile,
          height: height * 0.44,
        })
      : svg("line", { x1: tile, x2: right, y1: y, y2: y });
  });
  const borders = columns.slice(1).map(({ left }) => svg("line", { x1: left, x2: left, y1: head - 14, y2: bottom }));
  return svg("g", { class: "guides" }, ...rows, ...borders);
}

/**
 * A followed row: from ink to amber, as far as the winner leads there.
 * @param {Layout["streams"][number]} stream
 * @param {Layout} place
 * @param {Shown} shown
 */
function drawStream({ stack, y, from, rings }, place, shown) {
  const written = stack === place.streams[place.streams.length - 1].stack;
  const start = svg("line", { class: "stream", x1: from, x2: rings[0], y1: y, y2: y });
  const parts = rings.slice(1).map((x, depth) => {
    const line = svg("line", { class: "stream", x1: rings[depth], x2: x, y1: y, y2: y, "data-depth": depth });
    if (written) line.style.setProperty("--said", saidAt(shown, depth));
    return line;
  });
  return [start, ...parts];
}

/**
 * How far a reading point has turned from ink to amber, as CSS wants it.
 * @param {Shown} shown
 * @param {number} depth
 */
function saidAt({ answer }, depth) {
  const known = answer.unread ? 0 : (answer.depths[depth]?.winner ?? 0);
  return `${Math.round(100 * known)}%`;
}

/**
 * @param {Layout} place
 * @param {Shown} shown
 */
function drawRings(place, shown) {
  const radius = place.phone || place.columns.length > 14 ? 4.5 : 6;
  return place.streams.map(({ stack, y, rings }, index) => {
    const written = index === place.streams.length - 1;
    const known = rings.length - shown.answer.depths.length;
    const marks = rings.map((x, depth) => {
      const ring = svg("circle", { class: "ring", cx: x, cy: y, r: radius, "data-depth": depth });
      if (written) ring.style.setProperty("--said", saidAt(shown, depth));
      const reads = written && !place.phone && depth >= known;
      const down = reads && svg("line", { class: "plumb", x1: x, x2: x, y1: y, y2: place.bottom + 14 });
      return svg("g", { "data-depth": depth, "data-stack": stack }, down, ring);
    });
    return svg("g", { class: "rings" }, ...marks);
  });
}

/**
 * One block: its name, its heads, its connections, and the feed-forward part behind them.
 * @param {number} index
 * @param {Layout} place
 * @param {Shown} shown
 */
function drawColumn(index, place, shown) {
  const column = place.columns[index];
  const stream = place.streams.find((one) => one.stack === column.stack);
  const curves = place.curves.filter((curve) => curve.column === index).map((curve) => drawCurve(curve, shown));
  const wide = column.right - column.left > 20;
  const forward =
    stream && wide && !place.phone
      ? svg("rect", { class: "forward", x: column.right - 15, y: stream.y - 8, width: 6, height: 16, rx: 2 })
      : null;
  return svg(
    "g",
    { class: "column", "data-column": index },
    ...titleOf(index, place),
    boardOf(index, place, shown),
    ...curves,
    forward,
  );
}

/**
 * @param {number} index
 * @param {Layout} place
 */
function titleOf(index, place) {
  const column = place.columns[index];
  const middle = (column.left + column.right) / 2;
  const y = place.groups + place.label;
  const room = column.right - column.left;
  const name = room > place.label * 4.6 ? _("Layer {number}", { number: String(column.layer) }) : String(column.layer);
  const skipped = room < place.label * 1.4 && column.layer % 4 !== 0;
  const title = skipped ? null : svg("text", { class: "layer", x: middle, y, "text-anchor": "middle" }, name);
  const first = index === 0 || place.columns[index - 1].stack !== column.stack;
  const group =
    place.groups && first ? svg("text", { class: "group", x: column.left, y: place.small }, groupOf(column)) : null;
  const digits = column.merged
    ? []
    : column.lanes.map(({ kind, head, x }) =>
        svg(
          "text",
          {
            class: "digit",
            x,
            y: y + place.small + 6,
            "text-anchor": "middle",
            "data-lane": laneKey(kind, column.layer, head),
          },
          String(head),
        ),
      );
  return [group, title, ...digits];
}

/** @param {{ stack: string }} column */
const groupOf = ({ stack }) =>
  stack === "source" ? _("The encoder reads the source") : _("The decoder writes, looking back and at the source");

/**
 * All heads of a block where there is no room for a lane each: darker looks harder, the most focused on top.
 * @param {number} index
 * @param {Layout} place
 * @param {Shown} shown
 */
function boardOf(index, place, { answer }) {
  const { board, groups, label } = place;
  const column = place.columns[index];
  if (!board) return null;
  const width = (column.right - column.left) / column.lanes.length;
  const top = groups + label + 9;
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
function boardName({ board, groups, label, small }, { facts }) {
  if (!board) return [];
  const count = Math.max(...facts.attention_kinds.map(({ heads }) => heads));
  const lines = [_n("{count} head a layer,", "{count} heads a layer,", count), _("most focused on top")];
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
 * @param {string} kind
 * @param {number} layer
 * @param {number | null} head
 */
export const laneKey = (kind, layer, head) => [kind, layer, head ?? "all"].join(":");

/**
 * @param {Layout["curves"][number]} curve
 * @param {Shown} shown
 */
function drawCurve({ look, lane, path, x, y }, shown) {
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
    svg("path", { d: path, pathLength: 1, "stroke-width": (0.9 + 6.5 * look.weight).toFixed(2) }),
    svg("circle", { cx: x, cy: y, r: (2.2 + 3.2 * look.weight).toFixed(2) }),
  );
}

/**
 * @param {Layout} place
 * @param {Shown} shown
 */
function drawTiles(place, shown) {
  const nodes = place.tiles.map((tile) => {
    const many = tile.last - tile.first + 1;
    const attributes = { class: classOf(tile, shown), "data-stack": tile.stack, "data-row": tile.row };
    if (many > 1) {
      const text = _n("⋯ {count} token", "⋯ {count} tokens", many);
      return svg("g", attributes, textIn(tile, text, place.small));
    }
    const box = svg("rect", {
      x: 0.75,
      y: tile.y - tile.height / 2,
      width: tile.width - 1.5,
      height: tile.height,
      rx: Math.min(8, tile.height / 2.6),
    });
    return svg("g", attributes, box, textIn(tile, tileName(shown, tile), Math.min(place.label, tile.height - 5)));
  });
  return svg("g", { class: "tiles" }, ...nodes);
}

/**
 * @param {Layout["tiles"][number]} tile
 * @param {string} text
 * @param {number} size
 */
const textIn = (tile, text, size) =>
  svg(
    "text",
    { x: tile.width - 10, y: tile.y + size * 0.34, "text-anchor": "end", "font-size": size },
    fitted(text, tile.width - 18, size),
  );

/**
 * @param {Layout["tiles"][number]} tile
 * @param {Shown} shown
 */
function classOf(tile, shown) {
  const { facts, answer } = shown;
  const causal = facts.kind === "decoder" || tile.stack === "target";
  const later = causal && tile.first > answer.position;
  const says =
    tile.first === tile.last && isSaid(shown, { kind: tile.stack === "target" ? "decoder" : "self", row: tile.row });
  const mask = answer.masks.includes(tile.first) && tile.first === tile.last;
  return [
    "tile",
    tile.last > tile.first && "fold",
    tile.followed && "followed",
    later && "later",
    says && "says",
    mask && "mask",
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {Shown} shown */
export const pictureName = (shown) =>
  _("{tokens} tokens through {layers} layers; the answer is {winner}, {share}", {
    tokens: shown.facts.tokens.length + shown.facts.target_tokens.length,
    layers: shown.facts.layers,
    winner: winnerOf(shown).text,
    share: percent(winnerOf(shown).probability),
  });
