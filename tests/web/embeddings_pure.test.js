import assert from "node:assert/strict";
import { test } from "node:test";
import { paletteOf } from "../../explorer/features/embeddings/legend.js";
import { cameraOf, viewIn } from "../../explorer/features/embeddings/linked_camera.js";
import { linkedGroup } from "../../explorer/features/embeddings/map_group.js";
import { sentenceOf } from "../../explorer/features/embeddings/map_loading.js";
import { groupIn, isRow, MAX_LINKED_ROWS, rowsMeaning } from "../../explorer/features/embeddings/map_request.js";
import { arrowsOf } from "../../explorer/features/embeddings/map_sum.js";
import { packed, unpacked } from "../../explorer/features/embeddings/packed_rows.js";
import { labelOf, linesOf, nameOfPoint, pairOf } from "../../explorer/features/embeddings/paths.js";
import { createPoints } from "../../explorer/features/embeddings/points.js";
import { namedWords, scaleOf, wordsOf } from "../../explorer/features/embeddings/sum_picture.js";
import { reliability, sumSentence } from "../../explorer/features/embeddings/sum_words.js";
import { deepest } from "../../explorer/features/embeddings/text_depth.js";

const WHOLE = { x: 100, y: 200, z: 300, zoom: 1, yaw: 0.6, pitch: 0.4 };
/** @typedef {import("../../explorer/features/embeddings/paths.js").Path} Path */
/** @type {(sentence: number, position: number, name: string) => Path} */
const path = (sentence, position, name) => ({ sentence, position, name });

test("a camera of the whole map needs no place in the link", () => {
  assert.deepEqual(cameraOf(WHOLE, WHOLE, 2), []);
  assert.deepEqual(cameraOf({ ...WHOLE, x: 100.02 }, WHOLE, 3), []);
});

test("a camera comes back from a link within its rounding, in two and in three dimensions", () => {
  const view = { x: 1234.4, y: 9876.6, z: 55.5, zoom: 2.345671, yaw: 1.234567, pitch: -0.777 };
  const flat = viewIn(cameraOf(view, WHOLE, 2), WHOLE, 2);
  assert.deepEqual(flat, { ...WHOLE, x: 1234.4, y: 9876.6, zoom: 2.34567 });
  const deep = viewIn(cameraOf(view, WHOLE, 3), WHOLE, 3);
  assert.deepEqual(deep, { x: 1234.4, y: 9876.6, z: 55.5, zoom: 2.34567, yaw: 1.23457, pitch: -0.777 });
});

test("a camera that nobody can have is not believed", () => {
  for (const wrong of [null, 3, "1,2,3", [1, 2], [1, 2, "3"], [1, 2, 3, 4], [1e9, 2, 3], [Number.NaN, 2, 3]]) {
    assert.equal(viewIn(wrong, WHOLE, 2), null);
  }
  assert.equal(viewIn([1, 2, 1e5], WHOLE, 2)?.zoom, 400);
});

test("rows of all points are the points themselves", () => {
  const points = createPoints();
  points.adopt(null, 3);
  assert.deepEqual([points.rowOf(2), points.pointOf(2), points.pointOf(3)], [2, 2, -1]);
  assert.deepEqual(points.all(), [0, 1, 2]);
  assert.deepEqual([...points.take(Uint8Array.of(7, 8, 9))], [7, 8, 9]);
});

test("rows of a sample are found both ways, and what is left out is nowhere", () => {
  const points = createPoints();
  points.adopt(Uint32Array.of(4, 9), 2);
  assert.deepEqual([points.rowOf(1), points.pointOf(9), points.pointOf(5)], [9, 1, -1]);
  assert.deepEqual([...points.take(Uint8Array.from({ length: 10 }, (_, row) => 10 * row))], [40, 90]);
});

test("a row means the same in both tables of a model, and another token in another model or space", () => {
  const main = /** @type {any} */ ({ model: "one", text: "a", target: "" });
  /** @param {object} more */
  const of = (more) => rowsMeaning({ main, map_space: "input", map_stack: "decoder", ...more });
  assert.equal(of({}), of({ map_space: "output" }));
  assert.equal(of({}), of({ main: { ...main, text: "b" } }));
  assert.notEqual(of({}), of({ map_space: "positions" }));
  assert.notEqual(of({}), of({ main: { ...main, model: "two" } }));
  assert.notEqual(of({ map_space: "text" }), of({ map_space: "text", main: { ...main, text: "b" } }));
  assert.equal(of({ main: null }), "");
});

test("a group from a link holds rows and nothing else", () => {
  assert.deepEqual(groupIn({ where: "view", rows: [1, "2", 3.5, -1, 4] }), { where: "view", rows: [1, 4] });
  assert.deepEqual(groupIn({ where: "<b>", rows: "123" }), { where: "lasso", rows: [] });
  assert.deepEqual(groupIn(null), { where: "lasso", rows: [] });
  assert.equal(groupIn({ rows: Array(1000).fill(1) }).rows.length, MAX_LINKED_ROWS);
  assert.deepEqual([isRow(0), isRow(-1), isRow(1.5), isRow("1")], [true, false, false, false]);
});

test("the same word in another sentence is what is compared first", () => {
  const paths = [path(0, 1, " bank"), path(0, 4, " boat"), path(1, 2, "bank")];
  assert.deepEqual(pairOf(paths, []), [0, 2]);
  assert.deepEqual(pairOf(paths, [0, 4, 1, 2]), [1, 2]);
  assert.deepEqual(pairOf(paths, [0, 4, 7, 7]), [0, 2]);
  assert.deepEqual(pairOf(paths.slice(0, 2), "no"), [0, 1]);
  assert.deepEqual(pairOf([...paths, path(2, 0, "Boat")], []), [0, 2]);
  assert.deepEqual(pairOf([path(0, 0, "A"), path(0, 3, " wolf"), path(0, 7, " wolf")], []), [1, 2]);
  assert.deepEqual(pairOf(paths.slice(0, 1), null), [0, 0]);
});

test("the end of a path is named, and all of a point under the pointer", () => {
  const shown = { paths: [path(0, 0, " a"), path(1, 3, " b")], depths: 3 };
  assert.deepEqual(
    [0, 2, 5].map((index) => nameOfPoint(shown, index, false)),
    ["", "·a", "·b"],
  );
  assert.equal(nameOfPoint(shown, 4, true), "·b · sentence 2 · depth 1");
  assert.equal(labelOf(shown.paths[1], true), "·b (sentence 2, position 3)");
  assert.equal(labelOf(shown.paths[1], false), "·b (position 3)");
  assert.deepEqual(
    linesOf(shown, false).map(([from, to]) => [from, to]),
    [
      [0, 1],
      [1, 2],
      [3, 4],
      [4, 5],
    ],
  );
});

test("a projection that waits says how many are ahead, one that runs how far it is", () => {
  const progress = { state: /** @type {const} */ ("waiting"), share: 0.5, stage: "placing", ahead: 2, seconds: 3.4 };
  assert.equal(sentenceOf(progress), "In the queue: 2 projections ahead of yours.");
  assert.equal(sentenceOf({ ...progress, ahead: 1 }), "In the queue: 1 projection ahead of yours.");
  assert.equal(sentenceOf({ ...progress, ahead: 0 }), "Next in the queue.");
  assert.equal(sentenceOf({ ...progress, state: "running" }), "placing, 50 % (3 s)");
});

test("how often word arithmetic is right is told in per cent of all questions", () => {
  const score = { relation: "capital", tried: 1000, right: 250, inputs_allowed: 0, baseline: 100 };
  assert.match(reliability([score, { ...score, right: 750 }]), /Of 2,000 such sums 50 % are right; .* 0 %\./);
  assert.match(reliability([]), /nothing could be measured/);
});

test("kinds have colours of their own for light and dark, numbers a part of the scale that can be seen", () => {
  const kinds = [{ name: "word", count: 1, light: "#102030", dark: "#405060" }];
  assert.deepEqual(paletteOf({ kinds, scale: null }, false), [[16, 32, 48]]);
  assert.deepEqual(paletteOf({ kinds, scale: null }, true), [[64, 80, 96]]);
  const scale = { name: "length", low: 0, high: 1, row: null };
  const [light, dark] = [false, true].map((isDark) => paletteOf({ kinds: null, scale }, isDark));
  for (const palette of [light, dark]) assert.deepEqual([palette?.[0][0], palette?.[255][0]], [70, 255]);
  assert.equal(paletteOf({ kinds: null, scale: null }, false), null);
});

test("a small group is named in a link, a large one drawn there by its outline", () => {
  const shape = { outline: [0, 0, 10, 0, 10, 10], turn: [] };
  assert.deepEqual(linkedGroup({ where: "lasso", rows: [3, 4], shape }), { where: "lasso", rows: [3, 4] });
  const many = Array.from({ length: MAX_LINKED_ROWS + 1 }, (_row, row) => row);
  const linked = linkedGroup({ where: "lasso", rows: many, shape });
  assert.deepEqual(groupIn(linked), { where: "lasso", rows: [], shape });
  const packed = linkedGroup({ where: "view", rows: many });
  assert.ok(JSON.stringify(packed).length < 250);
  assert.deepEqual(groupIn(packed), { where: "view", rows: many });
  for (const outline of ["no", [1, 2, 3], [1, 2, 3, 4, 5, "6"], Array(1000).fill(1)]) {
    assert.equal(groupIn({ where: "lasso", shape: { outline, turn: [] } }).shape, undefined);
  }
});

test("many rows come back from a short text, and nonsense gives none that is no row", () => {
  const rows = [0, 1, 31, 32, 33, 1057, 50_000, 49_999, 128_255];
  assert.deepEqual(
    unpacked(packed(rows)),
    [...rows].sort((one, other) => one - other),
  );
  const most = Array.from({ length: 8192 }, (_row, row) => row).filter((row) => row % 3);
  assert.ok(packed(most).length < 1400); // of a bundled model any number fits into a link
  assert.deepEqual(unpacked(packed(most)), most);
  const scattered = Array.from({ length: 1200 }, (_row, at) => at * 6 + (at % 5));
  assert.ok(packed(scattered).length <= 1202);
  assert.deepEqual(unpacked(packed(scattered)), scattered);
  for (const text of ["", "<b>", "_______________", "A B"]) assert.ok(unpacked(text).every(isRow));
});

test("a sum's arrows are the same step twice, and what the map does not show has none", () => {
  assert.deepEqual(
    arrowsOf([1, 2, 3, 4]).map(({ from, to, dashed }) => [from, to, dashed]),
    [
      [2, 1, false],
      [3, 4, false],
      [2, 3, true],
      [1, 4, true],
    ],
  );
  assert.equal(arrowsOf([1, 2, 3, -1]).length, 2);
});

/** @param {string} text */
const word = (text) => ({ row: 0, text, cosine: 0.5, distance: 1 });
const SUM = {
  inputs: [word(" king"), word(" man"), word(" woman")],
  results: [word(" queen"), word(" princess")],
  inputs_allowed: null,
  plane: {
    inputs: [
      [0, 1],
      [0, 0],
      [0.8, 0.4],
    ],
    sum: [0.8, 1.4],
    results: [
      [0.4, 1.1],
      [0.4, 0.9],
    ],
    off: [0.7, 0.8],
  },
  title: "",
};

test("a sum is told by its words and its answer", () => {
  assert.equal(sumSentence(SUM), "king − man + woman is nearest to “queen”: cosine 0.50");
});

test("on its plane the sum is the fourth corner of a parallelogram, inside the picture and to scale", () => {
  for (const size of [
    { width: 900, height: 600 },
    { width: 360, height: 600 },
  ]) {
    const at = scaleOf(SUM.plane, size);
    const [[ax, ay], [bx, by], [cx, cy]] = SUM.plane.inputs.map(at);
    const [x, y] = at(SUM.plane.sum);
    assert.ok(Math.abs(ax - bx + cx - x) < 1e-6 && Math.abs(ay - by + cy - y) < 1e-6);
    for (const [left, top] of [
      [ax, ay],
      [bx, by],
      [cx, cy],
      [x, y],
    ]) {
      assert.ok(left >= 0 && left <= size.width && top >= 0 && top <= size.height);
    }
    assert.equal(Math.abs(ax - bx) > Math.abs(ay - by), size.width > size.height);
    const named = namedWords(wordsOf(SUM, at), 14, size.width);
    assert.deepEqual(
      named.slice(0, 4).map(({ name }) => name),
      ["king", "man", "woman", "the sum"],
    );
  }
});

test("the depth slider ends with the deepest stack", () => {
  const kinds = [2, 6].map((layers) => ({ kind: "encoder", layers, heads: 1, heads_by_layer: [] }));
  assert.equal(deepest({ attention_kinds: kinds, layers: 2 }), 6);
});
