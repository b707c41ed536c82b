// Left to right the picture is time: one column for each block, in it one lane for each head, or one for all of them.

/** @typedef {import("../../web/calls.d.ts").AttentionKind} AttentionKind */
/** @typedef {"source" | "target"} Stack */
/**
 * @typedef {object} Lane
 * @property {string} kind
 * @property {number | null} head  null where one lane stands for all heads
 * @property {number} x  where its connections begin
 * @property {number} end  where they join the stream
 */
/**
 * @typedef {object} Column
 * @property {Stack} stack  whose stream it changes
 * @property {number} layer
 * @property {number} left
 * @property {number} right
 * @property {Lane[]} lanes
 * @property {boolean} merged
 */

const NARROWEST = 13; // a lane for each head must be this wide
const BEFORE = 12; // between the ring of a depth and the first lane
const AFTER = 16; // behind the last lane: the feed-forward part
const GUTTER = 34; // between encoder and decoder

/**
 * The blocks in the order in which they work, and the kinds of attention in each.
 * @param {readonly AttentionKind[]} kinds
 * @returns {{ stack: Stack, layer: number, kinds: AttentionKind[] }[]}
 */
export function blocks(kinds) {
  const of = (/** @type {string} */ name) => kinds.find(({ kind }) => kind === name);
  const [encoder, decoder, cross] = [of("encoder"), of("decoder"), of("cross")];
  if (!encoder || !decoder || !cross) return stackOf("source", kinds.slice(0, 1));
  return [...stackOf("source", [encoder]), ...stackOf("target", [decoder, cross])];
}

/**
 * @param {Stack} stack
 * @param {AttentionKind[]} kinds
 */
const stackOf = (stack, kinds) => Array.from({ length: kinds[0].layers }, (_, layer) => ({ stack, layer, kinds }));

/**
 * The columns between two edges, all of one width.
 * @param {readonly AttentionKind[]} kinds
 * @param {number} left
 * @param {number} right
 * @param {boolean} narrow  one lane a layer, however much room there is
 * @returns {Column[]}
 */
export function columns(kinds, left, right, narrow = false) {
  const all = blocks(kinds);
  const gutter = all[0].stack === all[all.length - 1].stack ? 0 : GUTTER;
  const width = (right - left - gutter) / all.length;
  const heads = Math.max(...all.map((block) => block.kinds.reduce((sum, kind) => sum + kind.heads, 0)));
  const merged = narrow || (width - BEFORE - AFTER) / heads < NARROWEST;
  return all.map((block, place) => {
    const start = left + place * width + (block.stack === "target" ? gutter : 0);
    return { ...lanesOf(block, start, start + width, merged), stack: block.stack, layer: block.layer, merged };
  });
}

/**
 * @param {{ kinds: AttentionKind[] }} block
 * @param {number} left
 * @param {number} right
 * @param {boolean} merged
 */
function lanesOf({ kinds }, left, right, merged) {
  const own = kinds.flatMap(({ kind, heads }) =>
    (merged ? [null] : [...Array(heads).keys()]).map((head) => ({ kind, head })),
  );
  const room = merged ? (right - left) * 0.84 : right - left - BEFORE - AFTER;
  const first = merged ? left + (right - left) * 0.06 : left + BEFORE;
  const pitch = room / own.length;
  const lanes = own.map((lane, place) => ({
    ...lane,
    x: first + (place + (merged ? 0.1 : 0.25)) * pitch,
    end: first + (place + (merged ? 0.88 : 0.95)) * pitch,
  }));
  return { left, right, lanes };
}

/**
 * The lane a connection runs in.
 * @param {Column} column
 * @param {{ kind: string, head: number }} look
 */
export const laneOf = (column, { kind, head }) =>
  column.lanes.find((lane) => lane.kind === kind && (lane.head === null || lane.head === head));
