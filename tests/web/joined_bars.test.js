// Two lists of guesses joined into one: by token in one vocabulary, by text across two.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../../explorer/web/joined_bars.js";

/** @type {(id: number, text: string, probability: number) => import("../../explorer/web/joined_bars.js").Guess} */
const guess = (id, text, probability) => ({ id, text, probability, special: false });

test("one vocabulary is joined by token, and what only one side lists has no bar on the other", () => {
  const rows = joined([guess(1, " door", 0.9), guess(2, "door", 0.05)], [guess(3, " window", 0.4)], true);
  assert.deepEqual(
    rows.map(({ text, one, other }) => [text, one, other]),
    [
      [" door", 0.9, null],
      [" window", null, 0.4],
      ["door", 0.05, null],
    ],
  );
  assert.deepEqual(
    rows.map(({ firstOf }) => firstOf.join("")),
    ["A", "B", ""],
  );
});

test("two vocabularies are joined by what a token spells without its space", () => {
  const [row, ...rest] = joined([guess(1, " door", 0.9), guess(2, "door", 0.05)], [guess(7, "door", 0.3)], false);
  assert.deepEqual([row.one, row.other, row.firstOf.join(""), rest.length], [0.9, 0.3, "AB", 0]);
});

test("a space of its own stays a token", () => {
  assert.equal(joined([guess(1, " ", 0.5)], [guess(2, "\n", 0.5)], false).length, 2);
});
