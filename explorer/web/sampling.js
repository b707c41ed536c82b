// The sampling settings of the page, as calls take them.

/** @typedef {import("./calls.d.ts").SamplingSettings} SamplingSettings */

const NAMES = /** @type {const} */ ([
  "temperature",
  "top_k",
  "top_p",
  "min_p",
  "typical_p",
  "repetition_penalty",
  "seed",
  "greedy",
]);

/**
 * The settings a state holds under these names, or under these names behind a prefix.
 * @param {object} state
 * @param {string} [prefix]
 * @returns {SamplingSettings}
 */
export function samplingOf(state, prefix = "") {
  const pairs = NAMES.map((name) => [name, Reflect.get(state, prefix + name)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== null));
}

/** The controls that say what is drawn from; the seed only says which token is drawn. */
export const RULES = NAMES.filter((name) => name !== "seed");
