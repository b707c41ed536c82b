import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bits,
  compact,
  count,
  cut,
  cutStart,
  decimals,
  percent,
  percentWhole,
  tokens,
} from "../../explorer/web/format.js";

test("percents have one decimal, and only nothing looks like nothing", () => {
  const written = [0, 1e-9, 0.000999, 0.001, 0.5, 0.939, 0.9994, 0.9996, 1].map(percent);
  const expected = ["0 %", "< 0.1 %", "< 0.1 %", "0.1 %", "50.0 %", "93.9 %", "99.9 %", "> 99.9 %", "100 %"];
  assert.deepEqual(written, expected);
});

test("counts are grouped and rounded, whole percents have no decimals", () => {
  assert.equal(count(8192), "8,192");
  assert.equal(count(10.6), "11");
  assert.equal(percentWhole(0.126), "13 %");
  assert.equal(decimals(1.005, 3), "1.005");
  assert.equal(bits(4), "4.0 bits");
  assert.equal(bits(0.456, 2), "0.46 bits");
  assert.equal(tokens(1), "1 token");
  assert.equal(compact(1_230_000), "1.2M");
});

test("a text is cut by characters, not by halves of them", () => {
  assert.equal(cut("storybook", 9), "storybook");
  assert.equal(cut("storybook", 5), "stor…");
  assert.equal(cut("👩👩👩", 2), "👩…");
  assert.equal(cutStart("storybook", 5), "…book");
  assert.equal(cutStart("book", 5), "book");
});
