// The tab's headline: what the text costs, in one sentence with a number.
import { decimals, tokens } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { charactersOf, extremes, priceOf, rowsOf } from "./rows.js";

/** @typedef {import("./cut.js").Cut} Cut */
/** @typedef {import("./cut.js").BoardLine} BoardLine */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/** @param {number} count */
export const characters = (count) => _n("{count} character", "{count} characters", count);

/**
 * Characters per token, as the headline and the list of counts write it.
 * @param {Pick<Cut, "text" | "tokens">} cut
 */
export const charactersPerToken = ({ text, tokens }) => decimals(charactersOf(text) / Math.max(1, tokens.length), 1);

/**
 * @param {Cut} cut
 * @param {readonly BoardLine[]} board
 */
export function headlineOf(cut, board) {
  if (cut.source === "board") return cut.second?.tokens ? twoPrices(cut, board) : onePrice(cut, board);
  if (cut.second?.tokens) return twoCounts(cut, cut.second.tokens);
  const rows = rowsOf(cut.text, cut.tokens);
  if (rows.length > 1) return manyRows(rows);
  if (!cut.tokens.length) return _("Type something: it is cut anew with every key.");
  return _("{tokens} for {characters}: {share} characters a token.", {
    tokens: tokens(cut.tokens.length),
    characters: characters(charactersOf(cut.text)),
    share: charactersPerToken(cut),
  });
}

/** @param {readonly import("./rows.js").Row[]} rows */
function manyRows(rows) {
  const { least, most } = extremes(rows);
  return _("{count} lines: a character costs from {least} to {most} tokens.", {
    count: rows.length,
    least: decimals(priceOf(least), 2),
    most: decimals(priceOf(most), 2),
  });
}

/**
 * The tokens that spell a text, as they are counted beside its lines.
 * @param {string} text
 * @param {readonly TokenRow[]} found
 */
const spelling = (text, found) => tokens(rowsOf(text, found).reduce((sum, row) => sum + row.count, 0));

/**
 * @param {Cut} cut
 * @param {readonly TokenRow[]} others
 */
function twoCounts({ model, text, second, tokens: first }, others) {
  return _("{model} cuts it into {tokens}, {other} into {others}.", {
    model,
    tokens: spelling(text, first),
    other: second?.model,
    others: spelling(text, others),
  });
}

/**
 * The rows of the board with the fewest and the most tokens.
 * @param {Cut} cut
 */
function ends({ text, tokens: found }) {
  const rows = rowsOf(text, found);
  const places = rows.map((_row, place) => place).sort((one, other) => rows[one].count - rows[other].count);
  return { rows, least: places[0], most: places[places.length - 1] };
}

/**
 * @param {Cut} cut
 * @param {readonly BoardLine[]} board
 */
function onePrice(cut, board) {
  const { rows, least, most } = ends(cut);
  return _("The same sentence costs {fewest} in {one} and {most} in {other}.", {
    fewest: tokens(rows[least].count),
    one: board[least].language,
    most: tokens(rows[most].count),
    other: board[most].language,
  });
}

/**
 * @param {Cut} cut
 * @param {readonly BoardLine[]} board
 */
function twoPrices(cut, board) {
  const { rows, least, most } = ends(cut);
  const others = rowsOf(cut.text, cut.second?.tokens ?? []);
  return _("{other} costs {first} times {one} with {model}, {second} times with {name}.", {
    other: board[most].language,
    one: board[least].language,
    first: decimals(rows[most].count / rows[least].count, 1),
    model: cut.model,
    second: decimals(others[most].count / Math.max(1, others[least].count), 1),
    name: cut.second?.model,
  });
}
