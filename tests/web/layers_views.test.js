import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsOf, stepped } from "../../explorer/features/layers/grid.js";
import { rankPlace } from "../../explorer/features/layers/ways.js";
import { settled, wordIn } from "../../explorer/features/layers/words.js";

test("all depths have a row where they fit, else evenly chosen ones with the ends and what is chosen", () => {
  assert.deepEqual(rowsOf(7, 12), { depths: [0, 1, 2, 3, 4, 5, 6], every: 1 });
  const found = rowsOf(33, 12, [5]);
  assert.equal(found.every, 3);
  assert.deepEqual(found.depths, [0, 3, 5, 6, 9, 12, 15, 18, 21, 24, 27, 30, 32]);
  assert.equal(rowsOf(33, Number.POSITIVE_INFINITY).depths.length, 33);
});

test("keys step through the grid and stay inside it", () => {
  assert.deepEqual(stepped("ArrowUp", 0, 3, 7, 9), { row: 0, column: 3 });
  assert.deepEqual(stepped("ArrowDown", 0, 3, 7, 9), { row: 1, column: 3 });
  assert.deepEqual(stepped("ArrowRight", 2, 8, 7, 9), { row: 2, column: 8 });
  assert.deepEqual(stepped("Home", 2, 8, 7, 9), { row: 2, column: 0 });
  assert.deepEqual(stepped("PageDown", 2, 8, 7, 9), { row: 6, column: 8 });
  assert.equal(stepped("x", 2, 8, 7, 9), null);
});

test("the answer has settled where it leads from there on to the end", () => {
  const grid = /** @type {any} */ ({ rank: [[1], [4], [1], [2], [1], [1]] });
  assert.equal(settled(grid, 0), 4);
});

test("signs that would end the sentence stand in quotes", () => {
  assert.equal(wordIn({ id: 1, text: ".", special: false }), "“.”");
  assert.equal(wordIn({ id: 1, text: " door", special: false }), "door");
  assert.equal(wordIn({ id: 1, text: "'s", special: false }), "'s");
});

test("ranks lie on a logarithmic scale, the first at the top", () => {
  assert.equal(rankPlace(1, 1000), 0);
  assert.equal(rankPlace(1000, 1000), 1);
  assert.ok(Math.abs(rankPlace(10, 1000) - 1 / 3) < 1e-12);
});
