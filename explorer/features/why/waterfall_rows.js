// The rows of a waterfall: one for each part, or for several together where there is no room; and where each bar lies.
import { openBlocks, openPart } from "./opened.js";

/** @typedef {import("../../web/calls.d.ts").PartAnswer} PartAnswer */
/** @typedef {import("./opened.js").Part} Part */
/**
 * @typedef {object} Row
 * @property {"part" | "blocks" | "others" | "total"} kind
 * @property {PartAnswer | null} part
 * @property {[number, number] | null} blocks  the first and last, of a row of blocks
 * @property {number} others  how many parts, of a row of others
 * @property {number} value
 * @property {string} opens  what pressing it opens; "" for nothing
 */
/** @typedef {{ low: number, high: number, bars: { from: number, to: number }[] }} Scale */

/** @type {Record<string, Part>} */
const OPENABLE = { attention: "self", "cross-attention": "cross", "feed-forward": "feed_forward" };
/** @type {Record<string, Part>} */
const HEADS = { head: "self", "cross-attention head": "cross" };

/**
 * What pressing a part opens.
 * @param {PartAnswer} part
 */
function opensOf({ name, layer, head }) {
  if (layer === null) return "";
  if (name in OPENABLE) return openPart(OPENABLE[name], layer);
  return name in HEADS ? openPart(HEADS[name], layer, head) : "";
}

/** @type {(part: PartAnswer) => Row} */
const rowOf = (part) => ({ kind: "part", part, blocks: null, others: 0, value: part.value, opens: opensOf(part) });

/** @type {(value: number, others: number) => Row} */
const othersRow = (value, others) => ({ kind: "others", part: null, blocks: null, others, value, opens: "" });

/** @type {(total: number) => Row} */
const totalRow = (total) => ({ kind: "total", part: null, blocks: null, others: 0, value: total, opens: "" });

/**
 * The rows of what stands in the order of the model: where there are more than `most`, blocks are put together.
 * @param {readonly PartAnswer[]} parts
 * @param {number} total
 * @param {number} most
 * @returns {Row[]}
 */
export function orderedRows(parts, total, most) {
  const layers = new Set(parts.map(({ layer }) => layer).filter((layer) => layer !== null));
  const others = parts.filter(({ layer }) => layer === null).length;
  if (parts.length < most || layers.size < 2) return [...parts.map(rowOf), totalRow(total)];
  const size = Math.ceil(layers.size / Math.max(2, most - 1 - others));
  return [...grouped(parts, size), totalRow(total)];
}

/**
 * Blocks put together, `size` in a row.
 * @param {readonly PartAnswer[]} parts
 * @param {number} size
 */
function grouped(parts, size) {
  const first = Math.min(...parts.flatMap(({ layer }) => (layer === null ? [] : [layer])));
  /** @type {Row[]} */
  const rows = [];
  for (const part of parts) {
    const at = part.layer === null ? null : first + Math.floor((part.layer - first) / size) * size;
    const before = rows[rows.length - 1];
    if (at === null || part.layer === null) rows.push(rowOf(part));
    else if (before?.blocks?.[0] === at) {
      before.value += part.value;
      before.blocks[1] = part.layer;
    } else rows.push({ ...rowOf(part), kind: "blocks", part: null, blocks: [at, part.layer], opens: "" });
  }
  return rows.map((row) => (row.blocks ? { ...row, opens: openBlocks(...row.blocks) } : row));
}

/**
 * The rows of parts of which only the largest matter: in their order while all fit, else the largest first.
 * @param {{ parts: readonly PartAnswer[], total: number, rest: number, others: number }} sum
 * @param {number} most
 * @returns {Row[]}
 */
export function largestRows({ parts, total, rest, others }, most) {
  const sorted = [...parts].sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const isWhole = parts.length + (others ? 1 : 0) < most;
  const listed = isWhole && !others ? parts : sorted.slice(0, Math.max(1, most - 2));
  const left = parts.filter((part) => !listed.includes(part));
  const value = rest + left.reduce((sum, part) => sum + part.value, 0);
  const count = others + left.length;
  return [...listed.map(rowOf), ...(count ? [othersRow(value, count)] : []), totalRow(total)];
}

/**
 * Where the bars begin and end: each where the one before ended, the total's at nothing.
 * @param {readonly Row[]} rows
 * @returns {Scale}
 */
export function scaleOf(rows) {
  let sum = 0;
  const bars = rows.map(({ kind, value }) => {
    const from = kind === "total" ? 0 : sum;
    sum = from + value;
    return { from, to: sum };
  });
  const ends = [0, ...bars.flatMap(({ from, to }) => [from, to])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return { low, high: high > low ? high : low + 1, bars };
}
