// Where the nodes of a beam search stand: one column per token, kept above dropped, as wide and high as there is room.

/** @typedef {import("../../web/calls.d.ts").BeamNode} BeamNode */
/** @typedef {{ x: number, y: number }} Place  the left end of a node and its middle */
/** @typedef {{ width: number, height: number }} Room */

const NARROWEST = 92;
const WIDEST = 190;
const [LOWEST, HIGHEST] = [30, 76];
const MOST_DROPPED = 3;

/**
 * The rows of each column: kept and finished nodes first, then dropped ones, those that came closest, but few.
 * @param {readonly Pick<BeamNode, "depth" | "status">[]} nodes
 * @returns {Map<number, number[]>}
 */
function columnsOf(nodes) {
  /** @type {Map<number, { kept: number[], dropped: number[] }>} */
  const found = new Map();
  nodes.forEach(({ depth, status }, index) => {
    const column = found.get(depth) ?? { kept: [], dropped: [] };
    found.set(depth, column);
    (status === "dropped" ? column.dropped : column.kept).push(index);
  });
  const rows = [...found].map(([depth, { kept, dropped }]) => {
    const few = Math.min(MOST_DROPPED, Math.max(1, kept.length));
    return /** @type {[number, number[]]} */ ([depth, [...kept, ...dropped.slice(0, few)]]);
  });
  return new Map(rows);
}

/** @type {(least: number, value: number, most: number) => number} */
const between = (least, value, most) => Math.min(most, Math.max(least, value));

/**
 * @param {readonly Pick<BeamNode, "depth" | "status">[]} nodes
 * @param {Room} room  what the picture may take; where it is too little, the picture is larger and scrolls
 * @param {number} depth  how many columns there may be, so that nothing moves as the tree grows
 */
export function placed(nodes, room, depth) {
  const columns = columnsOf(nodes);
  const rows = Math.max(1, ...[...columns.values()].map((column) => column.length));
  const column = between(NARROWEST, Math.floor(room.width / Math.max(1, depth)), WIDEST);
  const row = between(LOWEST, Math.floor(room.height / rows), HIGHEST);
  /** @type {Map<number, Place>} */
  const places = new Map();
  for (const [at, members] of columns) {
    members.forEach((index, place) => {
      places.set(index, { x: (at - 1) * column, y: (place + 0.5) * row });
    });
  }
  return { places, column, row, width: Math.max(0, ...columns.keys()) * column, height: rows * row };
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
