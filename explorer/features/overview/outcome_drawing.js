// The outcome, drawn: what would be said at each depth, and the bars at the end of the line.
import { svg } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { countsLegend } from "./counts_drawing.js";
import { fitted } from "./fitting.js";
import { band } from "./outcome.js";
import { depthName, guessName, outcomeOf, outcomeTitle } from "./sentences.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./sentences.js").Shown} Shown */

/**
 * @param {Layout} place
 * @param {Shown} shown
 */
export function drawGuesses(place, shown) {
  const { cells, merged } = place.guesses;
  const draw = place.phone ? drawRow : drawCell;
  const nodes = cells.map((cell) => draw(cell, place, shown));
  const label = place.phone ? listTitle(place) : hint(place);
  const curve = merged ? [winnerCurve(place, shown)] : [];
  return svg("g", { class: "guesses" }, label, ...nodes, ...curve);
}

/** @param {Layout} place */
function listTitle({ guesses, small }) {
  return svg(
    "text",
    { class: "hint", x: 0, y: guesses.cells[0].y - 6, "font-size": small },
    _("If it stopped here, it would say"),
  );
}

/** @param {Layout} place */
function hint({ guesses, small, tile }) {
  const lines = [_("If it stopped"), _("here, it"), _("would say")];
  const [first] = guesses.cells;
  const x = Math.max(0, first.x - 7.4 * small);
  const spans = lines.map((line, index) => svg("tspan", { x, dy: index ? small * 1.3 : 0 }, line));
  if (first.x < tile * 0.7) return null;
  return svg("text", { class: "hint", x, y: first.y + small * 1.2, "font-size": small }, ...spans);
}

/**
 * @param {Layout["guesses"]["cells"][number]} cell
 * @param {Layout} place
 * @param {Shown} shown
 */
function drawCell(cell, { label, word: large, small, guesses }, shown) {
  const word = guesses.merged ? label + 1 : large;
  const [best] = shown.answer.depths[cell.depth].guesses;
  const middle = cell.x + cell.width / 2;
  const top = cell.y + word * 1.25;
  const inner = cell.width - 16;
  const bar = cell.y + cell.height - 12;
  const meter = guesses.merged
    ? []
    : [
        svg("rect", { class: "track", x: cell.x + 9, y: bar, width: inner - 2, height: 5, rx: 2.5 }),
        svg("rect", {
          class: "share",
          x: cell.x + 9,
          y: bar,
          width: Math.max(1, (inner - 2) * best.probability),
          height: 5,
          rx: 2.5,
        }),
      ];
  const share = inner > small * 3 ? percent(best.probability) : "";
  const number =
    cell.count > 1 ? fitted(_("last of {count}", { count: String(cell.count) }), inner + 12, small) : share;
  return svg(
    "g",
    { class: classOf(cell, shown), "data-depth": cell.depth },
    svg("rect", { class: "cell", x: cell.x, y: cell.y, width: cell.width, height: cell.height, rx: 10 }),
    svg(
      "text",
      { class: "word", x: middle, y: top, "text-anchor": "middle", "font-size": word },
      fitted(guessName(best), inner + 6, word, 700),
    ),
    svg(
      "text",
      { class: "number", x: middle, y: top + small * 1.3, "text-anchor": "middle", "font-size": small },
      number,
    ),
    ...meter,
  );
}

/**
 * On a phone: the layer, the word, its probability and a bar under them.
 * @param {Layout["guesses"]["cells"][number]} cell
 * @param {Layout} place
 * @param {Shown} shown
 */
function drawRow(cell, { label, small }, shown) {
  const [best] = shown.answer.depths[cell.depth].guesses;
  const base = cell.y + label * 1.25;
  const start = cell.x + label * 1.5;
  const width = cell.width - label * 1.5;
  return svg(
    "g",
    { class: classOf(cell, shown), "data-depth": cell.depth },
    svg("text", { class: "number", x: cell.x, y: base, "font-size": small }, depthName(cell.depth, shown)),
    svg(
      "text",
      { class: "word", x: start, y: base, "font-size": label + 1 },
      fitted(guessName(best), width - small * 4, label + 1, 700),
    ),
    svg(
      "text",
      { class: "number", x: cell.x + cell.width, y: base, "text-anchor": "end", "font-size": small },
      percent(best.probability),
    ),
    svg("rect", { class: "track", x: start, y: base + 6, width, height: 4, rx: 2 }),
    svg("rect", {
      class: "share",
      x: start,
      y: base + 6,
      width: Math.max(1, width * best.probability),
      height: 4,
      rx: 2,
    }),
  );
}

/**
 * @param {Layout["guesses"]["cells"][number]} cell
 * @param {Shown} shown
 */
function classOf(cell, { answer, depth }) {
  const leads = answer.depths[cell.depth].guesses[0].id === answer.candidates[0].id;
  const chosen = depth >= cell.first && depth <= cell.depth;
  return ["guess", leads && "says", chosen && "chosen"].filter(Boolean).join(" ");
}

/**
 * The winner's probability from depth to depth, where single cells have no room for a bar.
 * @param {Layout} place
 * @param {Shown} shown
 */
function winnerCurve({ guesses, streams, label, small }, { answer }) {
  const { rings } = streams[streams.length - 1];
  const { y, height } = guesses.cells[0];
  const rise = height - 1.25 * label - 1.3 * small - 12; // what the words leave
  const points = answer.depths.map(({ winner }, depth) => {
    const x = rings[rings.length - answer.depths.length + depth];
    return `${x.toFixed(1)} ${(y + height - 5 - winner * rise).toFixed(1)}`;
  });
  return svg("path", { class: "winner-curve", d: `M${points.join("L")}` });
}

/**
 * The bars of the outcome, or of a depth that was chosen.
 * @param {Layout} place
 * @param {NonNullable<Layout["bars"]>} bars
 * @param {Shown} shown
 */
export function drawBars(place, bars, shown) {
  const rows = outcomeOf(shown);
  const title = svg("text", { class: "layer", x: bars.left, y: bars.title }, outcomeTitle(shown));
  const { from } = bars;
  const fans = (from ? rows : []).map((row, rank) => {
    const to = { x: bars.left - 8, y: bars.rows[rank].y };
    return svg("path", {
      class: row.says ? "fan says" : "fan",
      d: band(from ?? to, to, row.probability * bars.height * 0.75),
    });
  });
  return svg(
    "g",
    { class: "bars" },
    title,
    ...fans,
    ...rows.map((row, rank) => drawBar(row, bars.rows[rank].y, bars, place)),
    legend(bars, place, shown.counts),
  );
}

/**
 * @param {ReturnType<typeof outcomeOf>[number]} row
 * @param {number} y
 * @param {NonNullable<Layout["bars"]>} bars
 * @param {Layout} place
 */
function drawBar(row, y, { left, height, track }, { width, label, word }) {
  const size = row.rank === 0 ? Math.max(word, label + 3) : label;
  const base = y + size * 0.34;
  return svg(
    "g",
    { class: ["bar", row.says && "says", row.rank === 0 && "first"].filter(Boolean).join(" "), "data-rank": row.rank },
    svg(
      "text",
      { class: "word", x: left, y: base, "font-size": size },
      fitted(row.name, track.x - left - 8, size, row.rank ? 400 : 700),
    ),
    svg("rect", { class: "track", x: track.x, y: y - height / 2, width: track.width, height, rx: 4 }),
    svg("rect", {
      class: "share",
      x: track.x,
      y: y - height / 2,
      width: Math.max(1.5, track.width * row.probability),
      height,
      rx: 4,
    }),
    svg(
      "text",
      { class: "number", x: width, y: base, "text-anchor": "end", "font-size": Math.min(size, label + 1) },
      percent(row.probability),
    ),
  );
}

/**
 * @param {NonNullable<Layout["bars"]>} bars
 * @param {Layout} place
 * @param {Shown["counts"]} counts
 */
function legend({ left, legend: top }, { small, phone, width }, counts) {
  const counted = (/** @type {number} */ y) =>
    counts ? countsLegend(counts, { left, top: y, width: width - left, small }) : [];
  if (phone) return svg("g", { class: "legend" }, ...counted(top + small));
  const line = (/** @type {string} */ kind, /** @type {string} */ text, /** @type {number} */ y) => [
    svg("line", { class: `key ${kind}`, x1: left, x2: left + 26, y1: y - small * 0.32, y2: y - small * 0.32 }),
    svg("text", { class: "hint", x: left + 36, y, "font-size": small }, text),
  ];
  const rows = [
    ...line("looks", _("looks at; thicker is more"), top + small * 1.2),
    ...line("says", _("the word it will say"), top + small * 2.6),
    ...counted(top + small * 4.1),
  ];
  return svg("g", { class: "legend" }, ...rows);
}
