// What the copy buttons put on the clipboard.

/** @typedef {import("./cut.js").Cut} Cut */

/**
 * The ids, or everything the page knows of the tokens.
 * @param {Pick<Cut, "model" | "text" | "target" | "tokens" | "target_tokens">} cut
 * @param {string} what  "ids" or "json"
 */
export function copied({ model, text, target, tokens, target_tokens: targets }, what) {
  const [source, written] = [tokens, targets].map((list) => list.map((token) => token.id));
  if (what === "ids") return JSON.stringify(written.length ? { source, target: written } : source);
  const more = targets.length ? { target, target_tokens: targets } : {};
  return JSON.stringify({ model, text, tokens, ...more }, null, 1);
}
