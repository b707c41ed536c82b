// The lines a strip draws: each with its label, as the model cuts it and as the second tokenizer does.
import { number } from "../../web/language.js";
import { rowsOf } from "./rows.js";

/** @typedef {import("./cut.js").Cut} Cut */
/** @typedef {import("./cut.js").BoardLine} BoardLine */
/** @typedef {import("./strip.js").Line} Line */

/**
 * @param {Cut} cut
 * @param {readonly BoardLine[]} board
 * @returns {{ source: Line[], target: Line[] }}
 */
export function linesOf({ source, model, text, target, tokens, target_tokens: targets, second }, board) {
  const rows = rowsOf(text, tokens);
  const others = second && rowsOf(text, second.tokens ?? []);
  /** @type {(place: number) => Pick<Line, "label" | "lang">} */
  const head = (place) => {
    if (source === "board") return { label: board[place].language, lang: board[place].lang };
    return { label: rows.length > 1 ? number(place + 1) : "", lang: "" };
  };
  const lines = rows.map((row, place) => {
    const parts = [{ model, isSecond: false, row }];
    if (second && others) parts.push({ model: second.model, isSecond: true, row: others[place] });
    return { ...head(place), parts };
  });
  const targetLines = targets.length ? rowsOf(target, targets) : [];
  return {
    source: lines,
    target: targetLines.map((row) => ({ label: "", lang: "", parts: [{ model, isSecond: false, row }] })),
  };
}
