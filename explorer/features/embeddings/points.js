// Which row of the table each point of a map is: all of them in order, or a sample.

/**
 * @param {{ rows: Uint32Array | null, points: Map<number, number>, count: number }} drawn
 * @param {number} row
 */
function pointIn({ rows, points, count }, row) {
  if (rows) return points.get(row) ?? -1;
  return row < count ? row : -1;
}

export function createPoints() {
  /** @type {Uint32Array | null} point → row; null where they are the same */
  let rows = null;
  /** @type {Map<number, number>} row → point */
  let points = new Map();
  let count = 0;

  return {
    /**
     * Other points are drawn; gives where a row was among those before, −1 where it was not.
     * @param {Uint32Array | null} sample
     * @param {number} drawn
     * @returns {(row: number) => number}
     */
    adopt(sample, drawn) {
      const before = { rows, points, count };
      rows = sample;
      count = drawn;
      points = new Map([...(sample ?? [])].map((row, index) => [row, index]));
      return (row) => pointIn(before, row);
    },
    /** @param {number} index */
    rowOf: (index) => (rows ? rows[index] : index),
    /** @param {number} row  −1 where the map does not show it */
    pointOf: (row) => pointIn({ rows, points, count }, row),
    /** @param {Uint8Array} ofRows  a value for every row; gives one for every point */
    take: (ofRows) => (rows ? Uint8Array.from(rows, (row) => ofRows[row]) : ofRows),
    /** The rows of all points. */
    all: () => Array.from({ length: count }, (_, index) => (rows ? rows[index] : index)),
  };
}
