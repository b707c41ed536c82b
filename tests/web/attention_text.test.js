import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "../../explorer/features/attention/alignment_lines.js";
import { largestNamed, largestUnits, peakOf, spread, weightText } from "../../explorer/features/attention/shading.js";

/** @type {import("../../explorer/features/attention/shading.js").TokenRow[]} */
const TOKENS = ["The", " wo", "lf"].map((text, id) => {
  return { id, text, piece: text, start: 0, end: 0, special: false, group: id, bytes: "" };
});

test("a word's weight shades each of its tokens", () => {
  assert.deepEqual([...spread(Float32Array.of(0.25, 0.75), [0, 1, 3], 3)], [0.25, 0.75, 0.75]);
  const weights = Float32Array.of(1, 2);
  assert.equal(spread(weights, null, 2), weights);
});

test("the largest come first, nothing and what was left out do not come", () => {
  assert.deepEqual(largestUnits(Float32Array.of(0.1, Number.NaN, 0, 0.5)), [3, 0]);
  assert.equal(largestUnits(new Float32Array(9).fill(1)).length, 5);
  assert.equal(peakOf(Float32Array.of(Number.NaN, 0.5)), 0.5);
  assert.equal(peakOf(Float32Array.of(Number.NaN, 0)), 1);
});

test("the largest are named with the place of their first token", () => {
  const answer = { weights: Float32Array.of(0.25, 0.75), groups: [0, 1, 3], unit: /** @type {const} */ ("share") };
  assert.deepEqual(largestNamed(answer, TOKENS), ["“·wolf” (1) 75.0 %", "“The” (0) 25.0 %"]);
  assert.equal(weightText(1.5, "norm"), "1.500");
});

test("lines are drawn for what is seen, from the chosen word alone", () => {
  const grid = [Float32Array.of(0.5, 0.01), Float32Array.of(0.25, 1)];
  const every = linesOf(grid, { chosen: null, peak: 1, width: 100 });
  assert.equal(every.length, 3);
  const [faint, strong] = linesOf(grid, { chosen: 1, peak: 1, width: 100 });
  assert.deepEqual([strong.x1, strong.y1, strong.x2, strong.y2], [2, 36, 98, 36]);
  assert.ok(faint["stroke-width"] < strong["stroke-width"]);
});
