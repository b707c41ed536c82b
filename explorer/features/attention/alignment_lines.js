// Lines between two columns of words, as thick and dark as the attention they stand for.

export const ROW_PIXELS = 24;
const FAINTEST = 0.03; // lines below this share are not drawn: thousands of them say nothing
const INSET = 2;

/**
 * @param {readonly ArrayLike<number>[]} grid  a row of weights for each target word
 * @param {{ chosen: number | null, peak: number, width: number }} of  chosen: the only target word with lines
 */
export function linesOf(grid, { chosen, peak, width }) {
  /** @param {number} unit */
  const middle = (unit) => (unit + 0.5) * ROW_PIXELS;
  return grid.flatMap((row, target) => {
    if (chosen !== null && chosen !== target) return [];
    return Array.from(row, (weight, source) => ({ weight, source }))
      .filter(({ weight }) => weight >= FAINTEST)
      .map(({ weight, source }) => {
        const share = Math.min(1, weight / (peak || 1));
        const ends = { x1: INSET, y1: middle(target), x2: width - INSET, y2: middle(source) };
        return { ...ends, "stroke-width": 1 + 4 * share, "stroke-opacity": Math.max(0.15, share) };
      });
  });
}
