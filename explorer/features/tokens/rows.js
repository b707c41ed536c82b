// A text's lines as rows, each with its tokens and what it costs; pure, so that it can be tested alone.

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/**
 * @typedef {object} Row
 * @property {string} text  the line without its break
 * @property {number} first  the position of its first token among all
 * @property {readonly TokenRow[]} tokens  with line breaks, and with tokens that steer the model
 * @property {number} count  the tokens that spell some of the line
 * @property {number} characters
 * @property {number} bytes
 */

/** @param {string} text */
export const charactersOf = (text) => [...text].length;

/** @param {string} text */
export const bytesOf = (text) => new TextEncoder().encode(text).length;

/**
 * The rows of a text. A token belongs to the line it begins in; blank lines are no rows, their breaks stand at the end
 * of the row before them.
 * @param {string} text
 * @param {readonly TokenRow[]} tokens
 * @returns {Row[]}
 */
export function rowsOf(text, tokens) {
  const lines = linesOf(text);
  /** @type {TokenRow[][]} */
  const held = lines.map(() => []);
  let line = 0;
  for (const token of tokens) {
    while (line + 1 < lines.length && lines[line + 1].start <= token.start) line += 1;
    held[line].push(token);
  }
  let first = 0;
  return lines.map(({ text: written }, index) => {
    const row = { text: written, first, tokens: held[index], ...measures(written, held[index]) };
    first += held[index].length;
    return row;
  });
}

/**
 * @param {string} text
 * @param {readonly TokenRow[]} tokens
 */
function measures(text, tokens) {
  const spelling = tokens.filter((token) => token.end > token.start && /[^\r\n]/.test(token.text));
  return { count: spelling.length, characters: charactersOf(text), bytes: bytesOf(text) };
}

/**
 * The lines that are not blank, with the character each starts at; one line at least.
 * @param {string} text
 */
function linesOf(text) {
  let start = 0;
  const lines = text.split("\n").map((line) => {
    const found = { text: line.replace(/\r$/, ""), start };
    start += charactersOf(line) + 1;
    return found;
  });
  const written = lines.filter((line) => line.text.trim() !== "");
  return written.length ? written : lines.slice(0, 1);
}

/**
 * Tokens per character: what a character of this row costs; 0 for a row without characters.
 * @param {Pick<Row, "count" | "characters">} row
 */
export const priceOf = ({ count, characters }) => (characters ? count / characters : 0);

/**
 * The rows that cost least and most a character.
 * @param {readonly Row[]} rows
 */
export function extremes(rows) {
  const sorted = [...rows].sort((one, other) => priceOf(one) - priceOf(other));
  return { least: sorted[0], most: sorted[sorted.length - 1] };
}
