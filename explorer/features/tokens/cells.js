// Tokens as cells: those that share a character stand in one.

/** @typedef {{ first: number, count: number }} Cell  the position of its first token, and how many it holds */

/**
 * @param {readonly { group: number }[]} tokens
 * @returns {Cell[]}
 */
export function cellsOf(tokens) {
  /** @type {Cell[]} */
  const cells = [];
  tokens.forEach((token, position) => {
    const last = cells.at(-1);
    if (last && tokens[last.first].group === token.group) last.count += 1;
    else cells.push({ first: position, count: 1 });
  });
  return cells;
}

/**
 * The index of the cell that holds each token.
 * @param {readonly Cell[]} cells
 */
export const cellOfToken = (cells) => cells.flatMap((cell, index) => Array(cell.count).fill(index));

const RTL = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * The direction a text is read in, by its first letter.
 * @param {string} text
 */
export const directionOf = (text) => (RTL.test(text) ? "rtl" : "ltr");
