// Heads that were chosen, as the store and links write them: "0:0-3,5;2:1" is layer 0, heads 0 to 3 and 5, and so on.

/** @typedef {[layer: number, head: number]} Head */

const PART = /^(\d{1,4}):([\d,-]+)$/;
const RANGE = /^(\d{1,4})(?:-(\d{1,4}))?$/;

/**
 * The heads a text names; what is not written by these rules, or not within the shape, is left out.
 * @param {string} text
 * @param {{ layers: number, heads: number }} shape
 * @returns {Head[]}
 */
export function headsIn(text, { layers, heads }) {
  const found = text.split(";").flatMap((part) => {
    const [, layer, ranges] = PART.exec(part) ?? [];
    if (layer === undefined || Number(layer) >= layers) return [];
    return numbersIn(ranges, heads).map((head) => /** @type {Head} */ ([Number(layer), head]));
  });
  return sorted(found);
}

/**
 * @param {string} ranges
 * @param {number} heads
 * @returns {number[]}
 */
function numbersIn(ranges, heads) {
  return ranges.split(",").flatMap((range) => {
    const [, first, last = first] = RANGE.exec(range) ?? [];
    if (first === undefined) return [];
    const end = Math.min(heads - 1, Number(last));
    return Array.from({ length: Math.max(0, end - Number(first) + 1) }, (_, step) => Number(first) + step);
  });
}

/**
 * Heads as a text, each once, in order.
 * @param {readonly Head[]} heads
 */
export function headsText(heads) {
  /** @type {Map<number, [number, number][]>} */
  const layers = new Map();
  for (const [layer, head] of sorted(heads)) {
    const ranges = layers.get(layer) ?? [];
    const last = ranges.at(-1);
    if (last && head === last[1] + 1) last[1] = head;
    else if (!last || head > last[1]) ranges.push([head, head]);
    layers.set(layer, ranges);
  }
  const written = [...layers].map(([layer, ranges]) => `${layer}:${ranges.map(rangeText).join(",")}`);
  return written.join(";");
}

/** @param {[number, number]} range */
const rangeText = ([first, last]) => (first === last ? String(first) : `${first}-${last}`);

/**
 * @param {readonly Head[]} heads
 * @returns {Head[]}
 */
const sorted = (heads) => [...heads].sort((one, two) => one[0] - two[0] || one[1] - two[1]);

/**
 * @param {readonly Head[]} heads
 * @param {Head} head
 */
export const hasHead = (heads, head) => heads.some((one) => one[0] === head[0] && one[1] === head[1]);

/**
 * The heads with this one added, or taken away if it was there.
 * @param {readonly Head[]} heads
 * @param {Head} head
 * @returns {Head[]}
 */
export const toggled = (heads, head) =>
  hasHead(heads, head) ? heads.filter((one) => !hasHead([head], one)) : [...heads, head];
