import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "../../explorer/features/attention/alignment_lines.js";
import { habitOf, isExample } from "../../explorer/features/attention/habits.js";
import { largestUnits, peakOf, spread, weightText } from "../../explorer/features/attention/shading.js";
import { placesOf } from "../../explorer/features/attention/strips.js";
import { wordOf } from "../../explorer/features/attention/words.js";

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

test("a token is called as a reader writes it, a gap by its number", () => {
  assert.equal(wordOf(TOKENS.slice(1)), "wolf");
  assert.equal(wordOf([{ ...TOKENS[0], text: "", piece: "<extra_id_0>", special: true }]), "gap 1");
  assert.equal(wordOf([{ ...TOKENS[0], text: " " }]), "·");
  assert.equal(weightText(1.5, "norm"), "1.500");
});

test("a head is named by the first habit that is strong enough", () => {
  const weak = { copies: null, previous: 0.1, itself: 0.1, same: 0, first: 0.2, entropy: 3 };
  assert.deepEqual(habitOf({ ...weak, copies: 0.48, first: 0.6 }), { habit: "copies", value: 0.48 });
  assert.deepEqual(habitOf({ ...weak, first: 0.6 }), { habit: "first", value: 0.6 });
  assert.deepEqual(habitOf(weak), { habit: "wide", value: 8 });
  assert.equal(habitOf({ ...weak, entropy: 1 })?.habit, "focused");
  assert.deepEqual(habitOf({ first: 0.1, entropy: 0 }), { habit: "focused", value: 1 });
  assert.equal(habitOf(null), null);
});

test("only a link that fits the habit is given as its example", () => {
  const tokens = [{ id: 1 }, { id: 2 }, { id: 1 }];
  const link = { query: 2, key: 1, weight: 0.4 };
  const habits = /** @type {const} */ (["copies", "previous", "itself", "same", "first", "focused", "wide"]);
  const fitting = habits.filter((habit) => isExample(habit, tokens, link));
  assert.deepEqual(fitting, ["copies", "previous", "wide"]);
  assert.ok(isExample("same", tokens, { ...link, key: 0 }) && isExample("first", tokens, { ...link, key: 0 }));
});

test("heads stand on a line by their share, or between the least and the most", () => {
  assert.deepEqual(placesOf([0.2, null, 0.5], 2, false), { places: [0.2, null, 0.5], rank: 1 });
  assert.deepEqual(placesOf([1, 2, 3], 1, true), { places: [1, 0.5, 0], rank: 2 });
  assert.deepEqual(placesOf([1, 1], 0, true), { places: [1, 1], rank: 1 });
});

test("lines are drawn for what is seen, from the chosen word alone", () => {
  const grid = [Float32Array.of(0.5, 0.01), Float32Array.of(0.25, 1)];
  const every = linesOf(grid, { chosen: null, peak: 1, width: 100 });
  assert.equal(every.length, 3);
  const [faint, strong] = linesOf(grid, { chosen: 1, peak: 1, width: 100 });
  assert.deepEqual([strong.x1, strong.y1, strong.x2, strong.y2], [2, 36, 98, 36]);
  assert.ok(faint["stroke-width"] < strong["stroke-width"]);
});
