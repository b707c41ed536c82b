// Changes that are worth a try on the run at hand: one of each kind that needs nothing typed.

/** @typedef {import("../../web/store.js").Change} Change */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/**
 * @param {RunFacts} run
 * @param {{ layer: number, head: number, kind: string }} selection
 * @returns {Change[]}
 */
export function suggestions({ attention_kinds: kinds, layers, kind }, { layer, head, kind: chosen }) {
  const attention = kind === "encoder-decoder" ? /** @type {"encoder" | "decoder" | "cross"} */ (chosen) : null;
  const named = attention && attention !== "decoder" ? { attention } : {};
  /** @type {Change[]} */
  const found = [];
  if (kinds.length) found.push({ kind: "head", layer, head, by: "zero", ...named });
  found.push({ kind: "part", layer: 0, part: "feed_forward", by: "zero" });
  if (layers > 1) found.push({ kind: "part", layer: layers - 1, part: "attention", by: "mean" });
  return found;
}
