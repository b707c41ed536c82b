// What is opened, as it stands in the store and in links: "blocks:4-7", "self:4", "cross:4:3", "feed_forward:2", or "".

/** @typedef {"self" | "cross" | "feed_forward"} Part */
/**
 * @typedef {object} Opened
 * @property {[number, number] | null} blocks  the first and the last, where whole blocks are opened
 * @property {Part | null} part
 * @property {number} layer  of the part
 * @property {number | null} head  of the part, where its sources are opened
 */

const FORM = /^(?:blocks:(\d+)-(\d+)|(self|cross|feed_forward):(\d+)(?::(\d+))?)$/;

/**
 * What a choice opens; null where it is nothing that there is in a model of so many layers.
 * @param {string} written
 * @param {number} layers
 * @returns {Opened | null}
 */
export function readOpened(written, layers) {
  const found = FORM.exec(written);
  if (!found) return null;
  const [, first, last, part, layer, head] = found;
  if (first !== undefined) {
    const [from, to] = [Number(first), Number(last)];
    return from <= to && to < layers ? { blocks: [from, to], part: null, layer: from, head: null } : null;
  }
  if (Number(layer) >= layers) return null;
  const isHead = head !== undefined && part !== "feed_forward";
  return {
    blocks: null,
    part: /** @type {Part} */ (part),
    layer: Number(layer),
    head: isHead ? Number(head) : null,
  };
}

/** @type {(first: number, last: number) => string} */
export const openBlocks = (first, last) => `blocks:${first}-${last}`;

/** @type {(part: Part, layer: number, head?: number | null) => string} */
export const openPart = (part, layer, head = null) => `${part}:${layer}${head === null ? "" : `:${head}`}`;

/**
 * What lies around the opened thing: a head's attention, or the whole.
 * @param {Opened} opened
 */
export const around = ({ part, layer, head }) => (part && head !== null ? openPart(part, layer) : "");
