import assert from "node:assert/strict";
import { test } from "node:test";
import { figures } from "../../explorer/features/tokens/counts.js";
import { extremes, priceOf, rowsOf } from "../../explorer/features/tokens/rows.js";
import { headlineOf } from "../../explorer/features/tokens/sentences.js";
import { notYetRun } from "../../explorer/web/typed.js";

/**
 * Tokens that spell the parts of a text one after the other.
 * @param {string[]} parts
 */
const tokensOf = (parts) => {
  let start = 0;
  return parts.map((text, id) => {
    const token = { id, text, start, end: start + [...text].length, special: false, piece: text, group: id, bytes: "" };
    start = token.end;
    return token;
  });
};

/**
 * @param {string[]} parts
 * @param {Partial<import("../../explorer/features/tokens/cut.js").Cut>} [more]
 * @returns {import("../../explorer/features/tokens/cut.js").Cut}
 */
const cutOf = (parts, more = {}) => ({
  source: "run",
  model: "storybook",
  text: parts.join(""),
  target: "",
  tokens: tokensOf(parts),
  target_tokens: [],
  context: 256,
  vocab: 8192,
  second: null,
  ...more,
});

test("a line is a row with its own tokens, counted in characters and not in UTF-16 halves", () => {
  const parts = ["😀", " a", "\n", "né", "\n\n", "z"];
  const rows = rowsOf(parts.join(""), tokensOf(parts));
  assert.deepEqual(
    rows.map(({ text, first, count, characters, bytes }) => [text, first, count, characters, bytes]),
    [
      ["😀 a", 0, 2, 3, 6],
      ["né", 3, 1, 2, 3],
      ["z", 5, 1, 1, 1],
    ],
  );
  assert.equal(priceOf(rows[0]), 2 / 3);
  assert.equal(extremes(rows).least.text, "né");
});

test("every token stands in exactly one row, also those that spell nothing", () => {
  const end = { id: 9, text: "", start: 3, end: 3, special: true, piece: "</s>", group: 9, bytes: "" };
  const tokens = [...tokensOf(["a", "\n", "b"]), end];
  const rows = rowsOf("a\nb", tokens);
  assert.deepEqual(
    rows.flatMap((row) => row.tokens),
    tokens,
  );
  assert.equal(rows[1].count, 1);
  assert.equal(rowsOf("", []).length, 1);
});

test("the headline and the list of counts say the same", () => {
  const cut = cutOf(["The", " wolf", "."]);
  assert.equal(headlineOf(cut, []), "3 tokens for 9 characters: 3.0 characters a token.");
  assert.deepEqual(figures(cut)[3], ["characters per token", "3.0"]);
  assert.equal(headlineOf(cutOf(["a"]), []), "1 token for 1 character: 1.0 characters a token.");
});

test("the board names the languages that cost least and most, and two tokenizers are compared", () => {
  const board = [
    { language: "English", lang: "en", text: "a b" },
    { language: "Hindi", lang: "hi", text: "xyz" },
  ];
  const cut = cutOf(["a", " b", "\n", "x", "y", "z"], { source: "board" });
  assert.equal(headlineOf(cut, board), "The same sentence costs 2 tokens in English and 3 tokens in Hindi.");
  const second = { model: "byt5", tokens: tokensOf(["a", " ", "b", "\n", "x", "y", "z"]) };
  assert.equal(
    headlineOf({ ...cut, second }, board),
    "Hindi costs 1.5 times English with storybook, 1.0 times with byt5.",
  );
});

test("what is typed counts as not yet run only where it differs in what this kind of model reads", () => {
  const run = { kind: "decoder", text: "a", target: "" };
  assert.equal(notYetRun(null, run), null);
  assert.equal(notYetRun({ text: "a", target: "left over" }, run), null);
  assert.deepEqual(notYetRun({ text: "ab", target: "" }, run), { text: "ab", target: "" });
  assert.ok(notYetRun({ text: "a", target: "b" }, { ...run, kind: "encoder-decoder" }));
});
