// Where the model's own words begin: a place in one text, and a number by which that text is known again.

const OFFSET = 2166136261;
const PRIME = 16777619;

/**
 * A number that another text hardly shares (FNV-1a over code points).
 * @param {string} text
 */
export function fingerprint(text) {
  let hash = OFFSET;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), PRIME);
  return hash >>> 0;
}

/**
 * What the store and links keep of a continuation.
 * @param {number} start  the character where the model's words begin
 * @param {string} text  the whole text
 */
export const continuedAt = (start, text) => [start, fingerprint(text)];

/**
 * What stood there before the model wrote on, null if the text is not the one that was continued.
 * @param {unknown} continued
 * @param {string} text
 */
export function beforeContinued(continued, text) {
  if (!Array.isArray(continued) || continued.length !== 2 || continued[1] !== fingerprint(text)) return null;
  return [...text].slice(0, continued[0]).join("");
}

/**
 * The first token that the model wrote, −1 if the text is not the one that was continued.
 * @param {unknown} continued
 * @param {string} text
 * @param {readonly { end: number, special: boolean }[]} tokens
 */
export function firstWritten(continued, text, tokens) {
  if (!Array.isArray(continued) || continued.length !== 2 || continued[1] !== fingerprint(text)) return -1;
  return tokens.findIndex((token) => token.end > continued[0] && !token.special);
}
