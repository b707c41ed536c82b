// Two heads beside each other as they are saved: both sides' weights and the difference, cell by cell.
import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { choiceName } from "../../web/setting_names.js";
import { state } from "../../web/store.js";
import { tokensOf } from "./asked.js";
import { cellBeside, positionAt } from "./compare_cells.js";
import { headName } from "./compare_scatter.js";

/** @typedef {import("./compare_cells.js").Pair} Pair */
/** @typedef {import("./compare_scatter.js").Place} Place */
/** @typedef {import("../../web/saving/offer.js").Row} Row */

/**
 * One row a pair of tokens that both sides have: where a long text is drawn in fewer cells, of its first tokens.
 * @param {Pair} pair
 * @returns {Row[]}
 */
export function pairRows({ answer, sides, values, stacks, rows, columns }) {
  const { one, other } = answer;
  const width = one.columns.drawn;
  const tokens = { row: tokensOf(sides.main, stacks.one.row), column: tokensOf(sides.main, stacks.one.column) };
  /** @type {Row[]} */
  const found = [];
  values.difference.forEach((difference, place) => {
    if (Number.isNaN(difference)) return;
    const [row, column] = [Math.floor(place / width), place % width];
    const [query, key] = [positionAt(one.rows, row), positionAt(one.columns, column)];
    const there = cellBeside(rows, one.rows, other.rows, row) * other.columns.drawn;
    const below = cellBeside(columns, one.columns, other.columns, column);
    const names = {
      query_position: query,
      query: tokens.row[query].text,
      key_position: key,
      key: tokens.column[key].text,
    };
    found.push({ ...names, a: values.one[place], b: values.other[there + below], difference });
  });
  return found;
}

/**
 * @param {Pair} pair
 * @param {{ here: Place, there: Place }} heads
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function savedPair(pair, { here, there }, parts) {
  const { other_kind: kind } = pair.answer;
  const own = pair.answer.kind;
  const hidden = state.attention_left_out;
  const [one, beside] = [here, there].map(({ layer, head }) => ({ layer, head }));
  const usual = { kind: "self", left_out: "nothing" };
  return {
    name: _("One head on both sides"),
    parts,
    settings: [
      [_("Attention"), choiceName("kind", own)],
      [_("Head of A"), headName(here)],
      [_("Head of B"), headName(there)],
      ...(hidden === "nothing"
        ? []
        : /** @type {[string, string][]} */ ([[_("Left out"), choiceName("attention_left_out", hidden)]])),
    ],
    rows: () => pairRows(pair),
    imports: [
      "from models.attention.pattern_spec import PatternSpec",
      "from models.comparison.attention import difference, matching",
    ],
    python: [
      `one = PatternSpec(${keywords({ kind: own, ...one, left_out: hidden }, usual)})`,
      `beside = PatternSpec(${keywords({ kind, ...beside, left_out: hidden }, usual)})`,
      `matched = matching(trace, other_trace, one.kind)`,
      "rows = difference(trace, one, other_trace, beside, matched)",
    ],
  };
}
