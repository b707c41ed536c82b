// Many rows as a short text for a link: the gaps between them or, where that is shorter, a bit for every row.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MORE = 32; // a gap is written in digits of five bits; the sixth bit says that more follow
const BITS = 6;
const [GAPS, FLAGS] = ["g", "f"];

/**
 * @param {readonly number[]} rows  in any order, each once
 */
export function packed(rows) {
  const sorted = [...rows].sort((one, other) => one - other);
  const gaps = GAPS + sorted.map((row, at) => packedGap(at ? row - sorted[at - 1] - 1 : row)).join("");
  const last = sorted.at(-1) ?? 0;
  return gaps.length <= last / BITS ? gaps : FLAGS + packedFlags(sorted, last);
}

/** @param {number} gap */
function packedGap(gap) {
  let text = "";
  let rest = gap;
  for (; rest >= MORE; rest = Math.floor(rest / MORE)) text += DIGITS[MORE + (rest % MORE)];
  return text + DIGITS[rest];
}

/**
 * @param {readonly number[]} rows
 * @param {number} last
 */
function packedFlags(rows, last) {
  const digits = new Uint8Array(Math.floor(last / BITS) + 1);
  for (const row of rows) digits[Math.floor(row / BITS)] |= 1 << (row % BITS);
  return [...digits].map((digit) => DIGITS[digit]).join("");
}

/**
 * The rows in ascending order; a character that is none ends them.
 * @param {string} text
 */
export function unpacked(text) {
  const digits = [...text.slice(1)].map((character) => DIGITS.indexOf(character));
  const end = digits.indexOf(-1);
  const known = end < 0 ? digits : digits.slice(0, end);
  if (text[0] === FLAGS) return unpackedFlags(known);
  return text[0] === GAPS ? unpackedGaps(known) : [];
}

/** @param {readonly number[]} digits */
function unpackedGaps(digits) {
  const rows = [];
  let [row, gap, weight] = [-1, 0, 1];
  for (const digit of digits) {
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

/** @param {readonly number[]} digits */
const unpackedFlags = (digits) =>
  digits.flatMap((digit, at) => {
    const bits = Array.from({ length: BITS }, (_bit, bit) => bit).filter((bit) => digit & (1 << bit));
    return bits.map((bit) => at * BITS + bit);
  });
