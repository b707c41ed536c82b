import assert from "node:assert/strict";
import { test } from "node:test";
import { attributeOf } from "../../explorer/web/dom.js";
import { firstStop, nextIndex } from "../../explorer/web/roving.js";

const at = { index: 5, count: 12 };

test("arrows move by one, and by a row in a grid", () => {
  assert.equal(nextIndex({ ...at, key: "ArrowRight" }), 6);
  assert.equal(nextIndex({ ...at, key: "ArrowUp" }), 4);
  assert.equal(nextIndex({ ...at, key: "ArrowUp", orientation: "grid", perRow: 4 }), 1);
  assert.equal(nextIndex({ ...at, key: "ArrowDown", orientation: "grid", perRow: 4 }), 9);
});

test("from right to left, left is forward", () => {
  assert.equal(nextIndex({ ...at, key: "ArrowLeft", rtl: true }), 6);
  assert.equal(nextIndex({ ...at, key: "ArrowDown", rtl: true }), 6);
});

test("a row leaves up and down alone, a column left and right", () => {
  assert.equal(nextIndex({ ...at, key: "ArrowUp", orientation: "row" }), undefined);
  assert.equal(nextIndex({ ...at, key: "ArrowLeft", orientation: "column" }), undefined);
  assert.equal(nextIndex({ ...at, key: "a" }), undefined);
});

test("Home and End lead to the ends, and no key leads beyond them", () => {
  assert.equal(nextIndex({ ...at, key: "Home" }), 0);
  assert.equal(nextIndex({ ...at, key: "End" }), 11);
  assert.equal(nextIndex({ key: "ArrowLeft", index: 0, count: 12 }), 0);
  assert.equal(nextIndex({ key: "ArrowRight", index: 11, count: 12 }), 11);
});

test("the tab stop stands at the choice, else where it was, else at the first", () => {
  assert.equal(firstStop(3, 7, 10), 3);
  assert.equal(firstStop(-1, 7, 10), 7);
  assert.equal(firstStop(-1, -1, 10), 0);
  assert.equal(firstStop(12, 11, 10), 0);
});

test("attributes: booleans are there or not, those of ARIA are spelled out, nothing is no attribute", () => {
  assert.equal(attributeOf("hidden", true), "");
  assert.equal(attributeOf("hidden", false), null);
  assert.equal(attributeOf("aria-pressed", false), "false");
  assert.equal(attributeOf("title", undefined), null);
  assert.equal(attributeOf("data-index", 0), "0");
});
