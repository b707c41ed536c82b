// The picture itself, as SVG: what `layout` placed is drawn here. Colours and fonts are the style sheet's.
import { svg } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { boardName, drawColumn } from "./column_drawing.js";
import { drawFirst } from "./counts_drawing.js";
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
    ...drawFirst(place, shown.counts),
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
    return svg("g", attributes, box, textIn(tile, tileName(shown, tile), Math.min(place.label, tile.height - 1.5)));
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
