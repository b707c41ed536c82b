// Where everything stands: rows are tokens, columns are layers, one row is followed. Pure: numbers in, numbers out.

import { columns, laneOf } from "./columns.js";
import { barList, barPlaces, guessPlaces } from "./outcome.js";

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("../../web/calls.d.ts").LookAnswer} LookAnswer */
/** @typedef {import("../../web/calls.d.ts").RowAnswer} RowAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./columns.js").Lane} Lane */
/** @typedef {import("./columns.js").Stack} Stack */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/**
 * `text` is the size of small print in pixels; `counted` how many lines the legend of what counts takes, null where it
 * is not drawn.
 * @typedef {{ width: number, height: number, text: number, counted?: number | null }} Room
 */
/** @typedef {{ stack: Stack, row: number, first: number, last: number, y: number, followed: boolean } & Box} Tile */
/** @typedef {{ look: LookAnswer, column: number, lane: Lane, path: string, x: number, y: number }} Curve */
/** @typedef {{ stack: Stack, y: number, from: number, rings: number[] }} Stream */
/** @typedef {ReturnType<typeof layout>} Layout */

export const PHONE = 620; // narrower than this the picture has the form it takes on a phone
const WIDEST_ROW = 3.3; // times the size of a label
const HEAD_CELL = 6;
export const STRIP = 12; // pixels: the cell of a feed-forward part below a layer's heads
const SUM = 14; // pixels: the cell of all heads of a layer, where there is no room for each
const SHORTEST = 27; // times the size of a label: the height that the bars need
const [MANY, FEW] = [14, 4]; // of more columns than this, so few connections each
const [WIDE, TALL] = [1700, 560];
const ROW_GAP = 5; // between the rows of tokens, at least
const CLOSE_GAP = 1; // the same where every token of a text then has its row
const CLOSER = [0, 1, 2]; // pixels that a label may lose for that
const [ON_PHONE, ALL_ON_PHONE] = [13, 18]; // rows of a long text, and of one that is not much longer
const MOST_ROWS = 1.6; // times the room: a text of more rows folds with and without the heads over it
export const FINGER = 40; // what a finger hits

/**
 * The measures that follow from the room and the number of tokens: rows move closer together, and labels are a little
 * smaller, if no token of the text is folded away then.
 * @param {Room} room
 * @param {RunFacts} facts
 */
export function measures(room, facts) {
  const label = labelSize(room);
  const usual = measuresOf(room, facts, label, ROW_GAP);
  const fits = (/** @type {{ rows: number }} */ { rows }) => rows >= unitsOf(facts);
  if (usual.phone || fits(usual)) return usual;
  const closer = CLOSER.map((less) => measuresOf(room, facts, label - less, CLOSE_GAP));
  return closer.find(fits) ?? usual;
}

/**
 * @param {Room} room
 * @param {RunFacts} facts
 * @param {number} label
 * @param {number} gap  between rows
 */
function measuresOf({ width, height, counted = null }, facts, label, gap) {
  const phone = width < PHONE;
  const small = label - 2;
  const tile = phone ? 104 : Math.min(160, Math.max(7.2 * label, width * 0.085));
  const bars = phone ? width : Math.min(400, Math.max(15 * label, width * 0.21));
  const fan = phone ? 12 : Math.max(5.2 * label, width * 0.055);
  const left = tile + (phone ? 14 : 34);
  const right = phone ? width - fan : width - bars - fan;
  const own = columns(facts.attention_kinds, left, right, phone);
  const heads = Math.max(...facts.attention_kinds.map((kind) => kind.heads));
  const groups = facts.kind === "encoder-decoder" ? small + 6 : 0;
  const digits = own[0].merged ? 0 : small + 8;
  const word = height > TALL ? label + 4 : label + 1;
  const below = phone ? 16 : 14 + guessHeight(word, small);
  const free = height - groups - label - digits - 12 - below;
  const plain = phone ? 0 : boardHeight(heads, unitsOf(facts) * (label + gap), free);
  const board = own[0].merged ? (counted === null ? plain : countedHeight(heads, phone)) : 0;
  const head = groups + label + digits + board + 12;
  const rows = Math.floor((height - head - below) / (label + gap));
  const lines = counted ?? 0;
  const sizes = { label, small, word, tile, bars, fan };
  return { phone, ...sizes, left, right, columns: own, board, groups, head, below, rows, lines };
}

/**
 * The size of the picture's labels: that of its text, more on a wide screen, but no more than the rows have room for.
 * @param {Room} room
 */
function labelSize({ width, height, text }) {
  if (width > WIDE && height > TALL) return Math.max(20, Math.min(text, 26));
  return height > TALL ? Math.min(text + 1, 22) : Math.min(text + 1, 18);
}

/**
 * @param {number} word  the size of the word that is guessed
 * @param {number} small
 */
const guessHeight = (word, small) => Math.round(word * 1.25 + small * 1.25 + 24);

/**
 * How many rows all tokens need; a row stays free between source and target.
 * @param {RunFacts} facts
 */
const unitsOf = ({ kind, tokens, target_tokens }) =>
  tokens.length + target_tokens.length + (kind === "encoder-decoder" ? 1 : 0);

/**
 * The height of what counts in merged layers: a cell for each head, on a phone for all of them, and the feed-forward's.
 * @param {number} heads
 * @param {boolean} phone
 */
const countedHeight = (heads, phone) => (phone ? SUM : Math.min(heads * HEAD_CELL, 150)) + STRIP + 10;

/**
 * The height of the heads of merged layers: the tokens of a short text come first.
 * @param {number} heads
 * @param {number} rows  what all tokens need
 * @param {number} free
 */
function boardHeight(heads, rows, free) {
  const board = Math.min(heads * HEAD_CELL, 150) + 10;
  return rows + board > free && rows < MOST_ROWS * free ? 0 : board;
}

/**
 * How many rows of tokens there is room for.
 * @param {Room} room
 * @param {RunFacts} facts
 */
export function rowsThatFit(room, facts) {
  const { phone, rows } = measures(room, facts);
  if (phone) return unitsOf(facts) <= ALL_ON_PHONE ? ALL_ON_PHONE : ON_PHONE;
  const between = facts.kind === "encoder-decoder" ? 1 : 0;
  return Math.max(4, rows - between);
}

/**
 * Everything's place.
 * @param {RunFacts} facts
 * @param {FlowAnswer} answer
 * @param {Room} room
 */
export function layout(facts, answer, room) {
  const measured = measures(room, facts);
  const tiles = placeTiles(facts, answer, room, measured);
  const streams = placeStreams(facts, answer, tiles, measured);
  const written = streams[streams.length - 1];
  const bottom = Math.max(...tiles.map(({ y }) => y)) + tiles[0].height / 2;
  const guesses = guessPlaces(answer, written.rings, bottom + 14, measured, room.width);
  const ends = { width: room.width, bottom: guesses.bottom };
  const bars = measured.phone
    ? barList(answer, guesses.bottom + 16, measured, room.width)
    : barPlaces(answer, written, measured, ends);
  return {
    ...measured,
    width: room.width,
    height: measured.phone ? bars.bottom : Math.max(guesses.bottom, room.height),
    tiles,
    streams,
    bottom,
    guesses,
    curves: placeCurves(answer, tiles, streams, measured.columns),
    bars,
  };
}

/**
 * @param {RunFacts} facts
 * @param {FlowAnswer} answer
 * @param {Room} room
 * @param {ReturnType<typeof measures>} measured
 * @returns {Tile[]}
 */
function placeTiles(facts, answer, room, { phone, label, head, below, tile }) {
  const both = facts.kind === "encoder-decoder";
  const units = answer.rows.length + (both ? answer.target_rows.length + 1 : 0);
  const pitch = phone ? FINGER : Math.min(WIDEST_ROW * label, (room.height - head - below) / units);
  const height = Math.min(label * 2, pitch - 2);
  // A short text stands lower, so that the bars beside it have the room they need.
  const lower = phone ? 0 : Math.max(0, Math.min(room.height, SHORTEST * label) - (head + units * pitch + below));
  const place =
    (/** @type {Stack} */ stack, /** @type {number} */ offset) =>
    (/** @type {RowAnswer} */ row, /** @type {number} */ index) => {
      const y = head + lower + (offset + index + 0.5) * pitch;
      const here = stack === "target" || !both ? answer.position : answer.source;
      const followed = row.first === row.last && row.first === here;
      return { ...row, stack, row: index, y, x: 0, width: tile, height, followed };
    };
  const source = answer.rows.map(place("source", 0));
  return both ? [...source, ...answer.target_rows.map(place("target", source.length + 1))] : source;
}

/**
 * The followed rows: an encoder-decoder has one in each stack.
 * @param {RunFacts} facts
 * @param {FlowAnswer} answer
 * @param {Tile[]} tiles
 * @param {ReturnType<typeof measures>} measured
 * @returns {Stream[]}
 */
function placeStreams(facts, answer, tiles, { columns: own, tile }) {
  const stacks = facts.kind === "encoder-decoder" ? /** @type {Stack[]} */ (["source", "target"]) : [own[0].stack];
  return stacks.map((stack) => {
    const mine = own.filter((column) => column.stack === stack);
    const rings = [mine[0].left, ...mine.map(({ right }) => right)];
    const position = stack === "target" || stacks.length === 1 ? answer.position : (answer.source ?? 0);
    return { stack, y: rowOf(tiles, stack, position).y, from: stack === "target" ? rings[0] : tile, rings };
  });
}

/**
 * The row a token stands in.
 * @param {readonly Tile[]} tiles
 * @param {Stack} stack
 * @param {number} position
 */
export function rowOf(tiles, stack, position) {
  const found = tiles.find((one) => one.stack === stack && one.first <= position && position <= one.last);
  return found ?? tiles[tiles.length - 1];
}

/**
 * @param {FlowAnswer} answer
 * @param {Tile[]} tiles
 * @param {Stream[]} streams
 * @param {Column[]} own
 * @returns {Curve[]}
 */
function placeCurves({ looks }, tiles, streams, own) {
  /** @type {Map<string, Curve>} */
  const found = new Map();
  for (const look of looks) {
    const stack = look.kind === "decoder" || look.kind === "cross" ? "target" : "source";
    const column = own.findIndex((one) => one.stack === stack && one.layer === look.layer);
    const lane = laneOf(own[column], look);
    const stream = streams.find((one) => one.stack === stack);
    const seen = look.kind === "decoder" ? "target" : "source";
    const tile = tiles.find((one) => one.stack === seen && one.row === look.row);
    if (!lane || !stream || !tile) continue;
    const curve = { look, column, lane, path: path(lane, tile.y, stream.y), x: lane.x, y: tile.y };
    const key = [column, lane.kind, lane.head, look.row].join(" ");
    if ((found.get(key)?.look.weight ?? 0) < look.weight) found.set(key, curve);
  }
  const strongest = [...found.values()].sort((one, two) => two.look.weight - one.look.weight);
  /** @type {Map<Lane, number>} */
  const drawn = new Map();
  const shown = strongest.filter(({ lane }) => {
    const count = (drawn.get(lane) ?? 0) + 1;
    drawn.set(lane, count);
    return own.length <= MANY || count <= FEW;
  });
  return shown.reverse();
}

/**
 * From what is looked at, in a bend, onto the stream; a look at itself is a bow over the line.
 * @param {Lane} lane
 * @param {number} from
 * @param {number} to
 */
export function path({ x, end }, from, to) {
  const at = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  if (Math.abs(to - from) < 1)
    return `M${at(x)} ${at(from)}C${at(x)} ${at(from - 16)} ${at(end)} ${at(from - 16)} ${at(end)} ${at(to)}`;
  return `M${at(x)} ${at(from)}C${at(end)} ${at(from)} ${at(end)} ${at(from + 0.3 * (to - from))} ${at(end)} ${at(to)}`;
}
