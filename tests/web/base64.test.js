import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, floats, integers, words } from "../../explorer/web/base64.js";

/** @param {ArrayBufferView} view */
const written = (view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64");

test("bytes come back as they were sent", () => {
  const sent = Uint8Array.of(0, 1, 127, 128, 255);
  assert.deepEqual(bytes(written(sent)), sent);
});

test("an empty text is an empty array", () => {
  assert.equal(bytes("").length, 0);
  assert.equal(floats("").length, 0);
});

test("floats and 16-bit and 32-bit numbers are read in the machine's order", () => {
  const sent = Float32Array.of(0, -1.5, Number.NaN, 3e38);
  assert.deepEqual(floats(written(sent)), sent);
  assert.deepEqual(words(written(Uint16Array.of(0, 258, 65535))), Uint16Array.of(0, 258, 65535));
  assert.deepEqual(integers(written(Uint32Array.of(1, 4294967295))), Uint32Array.of(1, 4294967295));
});
