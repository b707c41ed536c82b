// The scores of every head as far as they have been read: the grid reads them, others on this tab show them too.

/** @typedef {import("./habits.js").Scores} Scores */
/** @typedef {(Record<string, (number | null)[]> | null)[]} Layers  of each layer: by score, one value a head */

/** @type {Map<string, Layers>} */
const kept = new Map();
const news = new EventTarget();

/**
 * Says what is known of a run's heads now.
 * @param {string} run
 * @param {Layers} layers
 */
export function keepScores(run, layers) {
  kept.set(run, layers);
  news.dispatchEvent(new Event(run));
}

/**
 * @param {string} run
 * @returns {Layers}
 */
export const keptScores = (run) => kept.get(run) ?? [];

/**
 * Calls `fn` when more is known, as long as the element is on the page.
 * @param {Element} element
 * @param {string} run
 * @param {() => void} fn
 */
export function onScores(element, run, fn) {
  const told = () => (element.isConnected ? fn() : news.removeEventListener(run, told));
  news.addEventListener(run, told);
}

/**
 * The scores of one head, null if its layer has not been read.
 * @param {Layers} layers
 * @param {number} layer
 * @param {number} head
 * @returns {Scores | null}
 */
export function scoresOf(layers, layer, head) {
  const all = layers[layer];
  return all ? Object.fromEntries(Object.entries(all).map(([key, values]) => [key, values[head] ?? null])) : null;
}
