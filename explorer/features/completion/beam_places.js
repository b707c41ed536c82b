// Where the nodes of a beam search stand: one column per token, kept above dropped.

/** @typedef {import("../../web/calls.d.ts").BeamNode} BeamNode */
/** @typedef {{ x: number, y: number }} Place */

const COLUMN = 140;
const TOP = 16;
const LEFT = 8;
const ROW = 24;
/** From a token's name to its number. */
export const NAME_WIDTH = 66;

/**
 * Kept and finished nodes first, then as many dropped ones: those that came closest.
 * @param {readonly Pick<BeamNode, "depth" | "status">[]} nodes
 */
export function placed(nodes) {
  /** @type {Map<number, { kept: number[], dropped: number[] }>} */
  const columns = new Map();
  nodes.forEach(({ depth, status }, index) => {
    const column = columns.get(depth) ?? { kept: [], dropped: [] };
    columns.set(depth, column);
    (status === "dropped" ? column.dropped : column.kept).push(index);
  });
  /** @type {Map<number, Place>} */
  const places = new Map();
  for (const [depth, { kept, dropped }] of columns) {
    [...kept, ...dropped.slice(0, Math.max(1, kept.length))].forEach((index, row) => {
      places.set(index, { x: (depth - 1) * COLUMN + LEFT, y: TOP + row * ROW });
    });
  }
  const all = [...places.values()];
  return {
    places,
    width: Math.max(0, ...all.map(({ x }) => x)) + COLUMN,
    height: Math.max(0, ...all.map(({ y }) => y)) + ROW / 2,
  };
}

/**
 * The nodes of the best text.
 * @param {readonly Pick<BeamNode, "parent">[]} nodes
 * @param {readonly { node: number }[]} finished
 */
export function bestPath(nodes, finished) {
  /** @type {Set<number>} */
  const best = new Set();
  /** @type {number | null} */
  let at = finished[0]?.node ?? null;
  while (at !== null) {
    best.add(at);
    at = nodes[at].parent;
  }
  return best;
}
