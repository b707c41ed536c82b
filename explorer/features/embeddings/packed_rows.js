// Many whole numbers as a short text: the gaps between them, five bits a character, the sixth says that more follow.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 5;
const MORE = 1 << BITS;

/** @param {number} gap */
function packedGap(gap) {
  let text = "";
  let rest = gap;
  for (; rest >= MORE; rest = Math.floor(rest / MORE)) text += DIGITS[MORE + (rest % MORE)];
  return text + DIGITS[rest];
}

/**
 * @param {readonly number[]} rows  in any order, each once
 */
export function packed(rows) {
  const sorted = [...rows].sort((one, other) => one - other);
  return sorted.map((row, at) => packedGap(at ? row - sorted[at - 1] - 1 : row)).join("");
}

/**
 * The rows in ascending order; a character that is none ends them.
 * @param {string} text
 */
export function unpacked(text) {
  const rows = [];
  let [row, gap, weight] = [-1, 0, 1];
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) break;
    gap += (digit % MORE) * weight;
    weight *= MORE;
    if (digit >= MORE) continue;
    row += gap + 1;
    if (!Number.isSafeInteger(row)) break;
    rows.push(row);
    [gap, weight] = [0, 1];
  }
  return rows;
}
