import assert from "node:assert/strict";
import { test } from "node:test";
import * as axes from "../../explorer/features/attention/axes.js";
import {
  beforeContinued,
  continuedAt,
  fingerprint,
  firstWritten,
} from "../../explorer/features/attention/continued.js";
import { cellAt, cellName, moved, valueText } from "../../explorer/features/attention/heatmap_cells.js";
import { layoutOf, traceOf } from "../../explorer/features/attention/heatmap_figure.js";
import { cursorMark, seamMark, tokenMark } from "../../explorer/features/attention/heatmap_marks.js";
import { notes } from "../../explorer/features/attention/heatmap_notes.js";
import { endsOf, shareOf } from "../../explorer/features/attention/scale.js";
import { fitting, tilesLayout } from "../../explorer/features/attention/tiles_layout.js";

/** @type {axes.Axis} */
const TOKENS = { count: 4, first: 0, last: 4, step: 1, drawn: 4, groups: null };
const WORDS = { ...TOKENS, count: 2, last: 2, drawn: 2, groups: [0, 1, 4] };
const COARSE = { count: 10, first: 2, last: 7, step: 2, drawn: 3, groups: null };

const ROOM = { width: 600, height: 600, font: 15 };

/** @type {axes.TokenRow[]} */
const ROWS = ["The", " wo", "l", "f"].map((text, id) => {
  return { id, text, piece: text, start: 0, end: 4 * (id + 1), special: false, group: id, bytes: "" };
});

test("units are tokens, or words with edges in tokens", () => {
  assert.equal(axes.nameOf(WORDS, ROWS, 1, 2), "wolf");
  assert.equal(axes.nameOf(TOKENS, ROWS, 1, 3), "wol");
  assert.deepEqual(
    [0, 1, 3].map((position) => axes.unitAt(WORDS, position)),
    [0, 1, 1],
  );
  assert.equal(axes.positionOf(WORDS, 1), 1);
  assert.equal(axes.positionOf(TOKENS, 3), 3);
});

test("the last drawn cell may be narrower", () => {
  assert.deepEqual(axes.edgesOf(COARSE), [1.5, 3.5, 5.5, 6.5]);
  assert.deepEqual(axes.unitsOf(COARSE, 2), [6, 7]);
});

test("as many labels as fit, at even places", () => {
  assert.deepEqual(axes.ticked(10, [-0.5, 9.5], 1000, 14), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(axes.ticked(10, [-0.5, 9.5], 0, 14), [0, 3, 6, 9]);
  assert.deepEqual(axes.ticked(10, [2.6, 5.2], 1000, 14), [3, 4, 5]);
});

test("a zoom is kept, read back, and not believed outside the picture", () => {
  const zoom = axes.zoomOf([1.5, 3.501], [-2, 2.5], TOKENS, TOKENS);
  assert.deepEqual(zoom, [1.5, 3.5, -0.5, 2.5]);
  assert.deepEqual(axes.zoomed(zoom, TOKENS, TOKENS), { x: [1.5, 3.5], y: [-0.5, 2.5] });
  assert.deepEqual(axes.zoomOf([-0.5, 3.5], [-0.5, 3.5], TOKENS, TOKENS), []);
  for (const bad of [[], "all", [1, 2, 3], [3, 1, 0, 1], [0, 99, 0, 1], [0, null, 0, 1]]) {
    assert.equal(axes.zoomed(bad, TOKENS, TOKENS), null);
  }
});

test("the window that is asked for holds every unit in sight", () => {
  const zoom = /** @type {const} */ ({ x: [1.2, 2.4], y: [-0.5, 0.5] });
  assert.deepEqual(axes.windowOf({ x: [...zoom.x], y: [...zoom.y] }, TOKENS, TOKENS), {
    rows: [0, 1],
    columns: [1, 3],
  });
  assert.equal(axes.windowOf({ x: [-0.5, 3.5], y: [-0.5, 3.5] }, TOKENS, TOKENS), null);
  assert.equal(axes.windowOf(null, TOKENS, TOKENS), null);
});

test("cells are found by place and walked by arrows, kept within the picture", () => {
  const both = { rows: COARSE, columns: COARSE };
  assert.deepEqual(cellAt(both, 6.2, 2), { row: 0, column: 2 });
  assert.equal(cellAt(both, 0, 2), null);
  assert.deepEqual(moved(both, null, "ArrowDown"), { row: 0, column: 0 });
  assert.deepEqual(moved(both, { row: 2, column: 0 }, "ArrowDown"), { row: 2, column: 0 });
  assert.deepEqual(moved(both, { row: 0, column: 0 }, "ArrowRight"), { row: 0, column: 1 });
  assert.equal(moved(both, null, "Enter"), null);
});

test("a cell says its tokens, their places and its value", () => {
  assert.equal(cellName(WORDS, ROWS, 1), "wolf (1)");
  assert.equal(cellName({ ...TOKENS, step: 2, drawn: 2 }, ROWS, 1), "lf (2–3)");
  assert.deepEqual([0.5, 0, 0.00001, Number.NaN].map(valueText), ["0.5000", "0.0000", "1.00e-5", "left out"]);
});

test("the chosen row or column is framed", () => {
  const [row] = tokenMark({ row: 3, column: null }, "#000");
  assert.deepEqual([row.y0, row.y1], [2.5, 3.5]);
  const [column] = tokenMark({ row: null, column: 1 }, "#000");
  assert.deepEqual([column.x0, column.x1], [0.5, 1.5]);
  assert.deepEqual(tokenMark({ row: null, column: null }, "#000"), []);
});

test("the seam stands above the first written row, the cursor around its cell", () => {
  assert.equal(seamMark(2, "#000")[0].y0, 1.5);
  assert.deepEqual(seamMark(-1, "#000"), []);
  const [cursor] = cursorMark({ rows: TOKENS, columns: COARSE }, { row: 1, column: 1 }, "#000");
  assert.deepEqual([cursor.x0, cursor.x1, cursor.y0], [3.5, 5.5, 0.5]);
  assert.deepEqual(cursorMark({ rows: TOKENS, columns: TOKENS }, null, "#000"), []);
});

test("where the model began is known again in its own text only", () => {
  const kept = continuedAt(5, "The wolf");
  assert.equal(firstWritten(kept, "The wolf", ROWS), 1);
  assert.equal(firstWritten(kept, "The wolves", ROWS), -1);
  assert.equal(firstWritten([], "The wolf", ROWS), -1);
  assert.equal(beforeContinued(kept, "The wolf"), "The w");
  assert.equal(beforeContinued(kept, "The wolves"), null);
  assert.notEqual(fingerprint("ab"), fingerprint("ba"));
});

test("the colour scale begins at nothing, or at a floor where it is logarithmic", () => {
  const shown = { grid: [Float32Array.of(0, 0.5)], rows: TOKENS, columns: TOKENS };
  const linear = traceOf(shown, 0.5, "linear");
  assert.deepEqual([linear.zmin, linear.zmax], [0, 0.5]);
  const log = traceOf(shown, 1, "log");
  assert.deepEqual([log.zmin, log.zmax], [-4, 0]);
  assert.deepEqual(/** @type {any} */ (log.colorbar).ticktext, ["≤ 0.0001", "0.001", "0.01", "0.1", "1"]);
  assert.ok(traceOf(shown, 0, "root").zmax > 0);
});

test("the first row is at the top, and what is zoomed to stays", () => {
  const tokens = { row: ROWS, column: ROWS };
  const whole = layoutOf({ rows: TOKENS, columns: TOKENS }, tokens, null, ROOM);
  assert.deepEqual(whole.yaxis.range, [3.5, -0.5]);
  assert.deepEqual(whole.xaxis.ticktext, ["The", "wo", "l", "f"]);
  const part = layoutOf({ rows: TOKENS, columns: TOKENS }, tokens, { x: [0.5, 2.5], y: [1, 3] }, ROOM);
  assert.deepEqual(
    [part.xaxis.range, part.yaxis.range],
    [
      [0.5, 2.5],
      [3, 1],
    ],
  );
});

test("what has to be known is said, and nothing else", () => {
  const shown = { values: "", rows: COARSE, columns: COARSE, exact: false, causal: true, peak: 1, name: "" };
  const said = notes({ ...shown, unit: "share" }, { leftOut: true }).join(" ");
  assert.match(said, /^Each cell is the largest of 2 × 2.*divided by what remains\.$/);
  const norms = notes({ ...shown, exact: true, peak: 0, unit: "norm" }, { leftOut: true, meaning: "Means." }).join(" ");
  assert.match(norms, /^Means\. Some keys are left out\. Nothing to draw/);
});

const measure = (/** @type {string} */ text) => 8 * text.length;
const NAMES = { first: 0, names: ["The", "wolf", "knocked", "at"] };

test("in a causal pattern each name stands on top of its column, on the diagonal", () => {
  const { left, top, wide, high, rows, columns, right } = tilesLayout(NAMES, NAMES, { ...ROOM, measure }, true);
  assert.deepEqual(
    columns.map(({ x }) => x),
    [0, 1, 2, 3].map((at) => left + wide * at + 3),
  );
  for (const [at, { y }] of columns.entries()) assert.ok(y < top + high * at && y > top + high * (at - 1));
  assert.ok(right <= ROOM.width && rows[3].y < ROOM.height);
  assert.ok(columns[2].x + measure("knocked") <= ROOM.width);
});

test("names that do not fit above square tiles are slanted, and all of it stays in its place", () => {
  const many = { first: 0, names: Array.from({ length: 30 }, () => "knocked") };
  const drawn = tilesLayout(many, many, { ...ROOM, measure }, false);
  assert.ok(drawn.slanted && drawn.bottom <= ROOM.height && drawn.right <= ROOM.width && !drawn.numbered);
  const few = tilesLayout({ first: 2, names: ["a"] }, { first: 0, names: ["b", "c"] }, { ...ROOM, measure }, false);
  assert.ok(!few.slanted && few.numbered);
  assert.equal(few.rows[0].unit, 2);
});

test("where tiles are lower than letters, only some names are shown", () => {
  const many = { first: 0, names: Array.from({ length: 40 }, () => "a") };
  const { rows } = tilesLayout(many, many, { ...ROOM, height: 400, measure }, true);
  assert.deepEqual(
    rows.slice(0, 3).map(({ unit }) => unit),
    [0, 2, 4],
  );
  assert.equal(fitting("knocked", 40, measure), "knoc…");
});

test("the scale grows with the square root unless another is asked for, and its legend says its ends", () => {
  assert.deepEqual(
    [0, 0.25, 1].map((value) => shareOf(value, 1, "root")),
    [0, 0.5, 1],
  );
  assert.deepEqual(
    [0, 0.25, 1].map((value) => shareOf(value, 1, "linear")),
    [0, 0.25, 1],
  );
  assert.deepEqual(
    [0, 0.01, 1].map((value) => shareOf(value, 1, "log")),
    [0, 0.5, 1],
  );
  assert.deepEqual(endsOf(0.305, "root", "share"), ["0 %", "30.5 %"]);
  assert.deepEqual(endsOf(1, "log", "share"), ["≤ 0.01 %", "100 %"]);
});
