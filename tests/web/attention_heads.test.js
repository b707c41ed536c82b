import assert from "node:assert/strict";
import { test } from "node:test";
import { cellSize } from "../../explorer/features/attention/grid_cells.js";
import {
  isBelow,
  largest,
  offered,
  orderOf,
  ranked,
  scoreText,
  valuesOf,
} from "../../explorer/features/attention/head_scores.js";
import { hasHead, headsIn, headsText, toggled } from "../../explorer/features/attention/heads.js";
import { pixels } from "../../explorer/web/cells.js";

const SHAPE = { layers: 3, heads: 4 };

test("chosen heads are written as ranges and read back", () => {
  /** @type {[number, number][]} */
  const heads = [
    [2, 1],
    [0, 3],
    [0, 1],
    [0, 2],
    [0, 1],
  ];
  assert.equal(headsText(heads), "0:1-3;2:1");
  assert.deepEqual(headsIn("0:1-3;2:1", SHAPE), [
    [0, 1],
    [0, 2],
    [0, 3],
    [2, 1],
  ]);
  assert.equal(headsText([]), "");
  assert.deepEqual(headsIn("", SHAPE), []);
});

test("all heads of a large model fit into a link", () => {
  const every = headsIn(Array.from({ length: 80 }, (_, layer) => `${layer}:0-63`).join(";"), { layers: 80, heads: 64 });
  assert.equal(every.length, 80 * 64);
  assert.ok(headsText(every).length < 700);
});

test("a link names only heads that are there", () => {
  assert.deepEqual(headsIn("0:2-999;9:0;x:1;1:b;1:3-2;;2:0", SHAPE), [
    [0, 2],
    [0, 3],
    [2, 0],
  ]);
});

test("a head is added or taken away", () => {
  assert.deepEqual(toggled([[0, 1]], [2, 2]), [
    [0, 1],
    [2, 2],
  ]);
  assert.deepEqual(
    toggled(
      [
        [0, 1],
        [2, 2],
      ],
      [0, 1],
    ),
    [[2, 2]],
  );
  assert.equal(hasHead([[0, 1]], [1, 0]), false);
});

test("heads are ranked by score, those not measured last, equal ones in place", () => {
  const values = [0.2, null, 0.9, 0.2];
  assert.deepEqual(ranked(values, "place"), [0, 1, 2, 3]);
  assert.deepEqual(ranked(values, "most"), [2, 0, 3, 1]);
  assert.deepEqual(ranked(values, "least"), [0, 3, 2, 1]);
  assert.deepEqual(ranked([null, null], "most"), [0, 1]);
});

test("a score is first shown with what tells most at the front", () => {
  assert.deepEqual(["", "previous", "entropy"].map(orderOf), ["place", "most", "least"]);
});

test("a score is given for every head, and for cross attention only where it makes sense", () => {
  const layers = [{ first: [0.1, 0.2] }, null];
  assert.deepEqual(valuesOf(layers, { layers: 2, heads: 2 }, "first"), [0.1, 0.2, null, null]);
  const [one, other] = [true, false].map((across) => ({ key: "", title: "", definition: "", source: "", across }));
  assert.deepEqual(offered([one, other], "cross"), [one]);
  assert.equal(offered([one, other], "self").length, 2);
});

test("the minimum hides what was measured below it and nothing else", () => {
  assert.deepEqual([isBelow(0.1, 0.2), isBelow(0.2, 0.2), isBelow(null, 0.2)], [true, false, false]);
  assert.equal(largest([0.1, null, 0.7]), 0.7);
  assert.equal(largest([null]), null);
});

test("each score has its unit", () => {
  assert.equal(scoreText(0.956, "previous"), "95.6 %");
  assert.equal(scoreText(3.96, "entropy"), "4.0 bits");
  assert.equal(scoreText(2, "distance"), "2.0 tokens");
  assert.equal(scoreText(null, "same"), "not measured");
});

test("what a causal model cannot see is clear, what it does not look at is the least of the scale", () => {
  const flat = Uint8ClampedArray.from({ length: 768 }, (_, index) => Math.floor(index / 3));
  const data = pixels(Uint8Array.of(255, 0, 0, 128), 2, true, flat);
  assert.deepEqual([...data], [255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255, 128, 128, 128, 255]);
  assert.equal(pixels(Uint8Array.of(255, 0), 2, false, flat)[7], 255);
});

test("cells fill their place, and a grid of very many heads scrolls", () => {
  const room = { width: 400, height: 600, edge: 40 };
  assert.deepEqual(cellSize({ layers: 6, heads: 4 }, room), { size: 78, gap: 4 });
  assert.equal(cellSize({ layers: 1, heads: 1 }, room).size, 112);
  assert.deepEqual(cellSize({ layers: 80, heads: 64 }, room), { size: 12, gap: 0 });
});
