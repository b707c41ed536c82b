// The changes that each part of a model suggests, wherever it is drawn.

/** @typedef {import("./store.js").Change} Change */

const LOUDER = 2; // a head's output is multiplied by it
const NEURON_LOUDER = 3;

/**
 * How a change names its attention: the decoder's own, or a model's only one, goes without.
 * @param {string} kind  of attention, as the store names it
 */
export const named = (kind) =>
  kind === "encoder" || kind === "cross" ? { attention: /** @type {"encoder" | "cross"} */ (kind) } : {};

/**
 * @param {{ kind: string, layer: number, head: number }} which
 * @returns {Change[]}
 */
export const ofHead = ({ kind, layer, head }) => [
  { kind: "head", layer, head, by: "zero", ...named(kind) },
  { kind: "head", layer, head, by: "mean", ...named(kind) },
  { kind: "head", layer, head, by: "scale", value: LOUDER, ...named(kind) },
];

/**
 * @param {{ layer: number, part: "attention" | "feed_forward", kind?: string }} which
 * @returns {Change[]}
 */
export const ofPart = ({ layer, part, kind = "" }) => [
  { kind: "part", layer, part, by: "zero", ...named(kind) },
  { kind: "part", layer, part, by: "mean", ...named(kind) },
];

/**
 * @param {{ layer: number, neuron: number }} which
 * @returns {Change[]}
 */
export const ofNeuron = ({ layer, neuron }) => [
  { kind: "neuron", layer, neuron, by: "zero" },
  { kind: "neuron", layer, neuron, by: "scale", value: NEURON_LOUDER },
];

/**
 * A connection cut in one head, in all heads of its layer, and everywhere.
 * @param {{ kind: string, layer: number, head: number | null }} which  head: null where the picture is of several
 * @param {{ query: number, key: number }} edge
 * @returns {Change[]}
 */
export const ofEdge = ({ kind, layer, head }, edge) => [
  ...(head === null ? [] : [{ kind: /** @type {const} */ ("edge"), layer, head, ...edge, ...named(kind) }]),
  { kind: "edge", layer, head: null, ...edge, ...named(kind) },
  { kind: "edge", layer: null, head: null, ...edge, ...named(kind) },
];
