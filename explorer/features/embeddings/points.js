// Which row of the table each point of a map is: all of them in order, or a sample.

export function createPoints() {
  /** @type {Uint32Array | null} point → row; null where they are the same */
  let rows = null;
  /** @type {Map<number, number>} row → point */
  let points = new Map();
  let count = 0;

  return {
    /**
     * @param {Uint32Array | null} sample
     * @param {number} drawn
     */
    adopt(sample, drawn) {
      rows = sample;
      count = drawn;
      points = new Map([...(sample ?? [])].map((row, index) => [row, index]));
    },
    /** @param {number} index */
    rowOf: (index) => (rows ? rows[index] : index),
    /** @param {number} row  −1 where the map does not show it */
    pointOf: (row) => (rows ? (points.get(row) ?? -1) : row < count ? row : -1),
    /** @param {Uint8Array} ofRows  a value for every row; gives one for every point */
    take: (ofRows) => (rows ? Uint8Array.from(rows, (row) => ofRows[row]) : ofRows),
    /** The rows of all points. */
    all: () => Array.from({ length: count }, (_, index) => (rows ? rows[index] : index)),
  };
}
