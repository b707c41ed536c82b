// Places of heads along a line from the least to the most of a score.

/**
 * Places from 0 to 1 of every measured value, and the rank of one of them; with `isLess` the least is at 1 and first.
 * @param {readonly (number | null)[]} values
 * @param {number} here
 * @param {boolean} isLess
 */
export function placesOf(values, here, isLess) {
  const known = values.filter((value) => value !== null);
  // Shares stand on their own line from 0 to 1; what has no such end, between the least and the most of all.
  const [low, high] = isLess ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const place = (/** @type {number} */ value) => {
    const along = high > low ? (value - low) / (high - low) : 0;
    return isLess ? 1 - along : along;
  };
  const mine = values[here] ?? 0;
  const before = known.filter((value) => (isLess ? value < mine : value > mine)).length;
  return { places: values.map((value) => (value === null ? null : place(value))), rank: before + 1 };
}
