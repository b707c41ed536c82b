import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bitsShare,
  contrast,
  gradient,
  hexRgb,
  indexOf,
  inkOn,
  logShare,
  rankShare,
  sequential,
  shade,
} from "../../explorer/web/colour.js";

/** @typedef {import("../../explorer/web/colour.js").Rgb} Rgb */

test("the contrast of black on white is 21, of a colour on itself 1, whichever comes first", () => {
  assert.ok(Math.abs(contrast([0, 0, 0], [255, 255, 255]) - 21) < 1e-9);
  assert.ok(Math.abs(contrast([255, 255, 255], [0, 0, 0]) - 21) < 1e-9);
  assert.equal(contrast([12, 34, 56], [12, 34, 56]), 1);
});

test("on every shade the text that is chosen has a contrast of at least 4.5", () => {
  for (let shade = 0; shade < 256; shade += 1) {
    /** @type {Rgb} */
    const colour = [shade, shade, shade];
    assert.ok(contrast(colour, hexRgb(inkOn(colour))) >= 4.5, `shade ${shade}`);
  }
});

test("probabilities lie on three decades", () => {
  const shares = [1, 0.1, 0.001, 1e-9, 0].map(logShare);
  assert.deepEqual(
    shares.map((share) => Math.round(share * 1000)),
    [1000, 667, 0, 0, 0],
  );
});

test("ranks and bits lie between the best and the last that is told apart", () => {
  assert.deepEqual([1, 1000, 50_000].map(rankShare), [1, 0, 0]);
  assert.deepEqual([bitsShare(0, 12), bitsShare(6, 12), bitsShare(40, 12)], [1, 0.5, 0]);
});

test("shares beyond the scale take its ends", () => {
  assert.deepEqual([-1, 0, 0.5, 1, 2].map(indexOf), [0, 0, 128, 255, 255]);
});

test("a node is coloured, and uncoloured", () => {
  const node = /** @type {HTMLElement} */ (/** @type {unknown} */ ({ style: {} }));
  shade(node, 1);
  assert.equal(node.style.background, sequential.css[255]);
  assert.equal(node.style.color, "#000000");
  shade(node, null);
  assert.deepEqual({ ...node.style }, { background: "", color: "" });
});

test("a legend runs from one end of its part of the scale to the other", () => {
  assert.match(gradient(), /^linear-gradient\(90deg, rgb\(0,0,0\),.*,rgb\(255,255,255\)\)$/);
  assert.match(gradient(sequential, [60, 200]), /rgb\(60,60,60\),.*rgb\(200,200,200\)/);
});
