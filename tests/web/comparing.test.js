// Two sides: what a comparison begins with, when it follows the main run, and how places of one are found on the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstOther, following } from "../../explorer/shell/comparing.js";
import { parts } from "../../explorer/shell/link.js";
import { withRun } from "../../explorer/web/server.js";
import { counterpart, relative, sideNames } from "../../explorer/web/sides.js";
import { set, state } from "../../explorer/web/store.js";

const HEAD = /** @type {const} */ ({ kind: "head", layer: 4, head: 0 });
const PAGE = { here: ["a", "b", "c"], kinds: { a: "decoder", b: "encoder", c: "decoder" } };

/** @param {object} [more] */
const run = (more) =>
  /** @type {any} */ ({ model: "a", kind: "decoder", text: "One", target: "", changes: [], samples: [], ...more });

test("a comparison begins with what is nearest at hand", () => {
  assert.deepEqual(firstOther(run({ changes: [HEAD] }), PAGE), { model: "a", text: "One", target: "", changes: [] });
  assert.equal(firstOther(run(), PAGE).model, "c");
  const samples = [
    { text: "One", target: "" },
    { text: "Two", target: "x" },
  ];
  const alone = run({ model: "b", kind: "encoder", samples });
  assert.deepEqual(firstOther(alone, PAGE), { model: "b", text: "Two", target: "x", changes: [] });
});

test("two models on one text go on reading one text, and two texts stay two", () => {
  const now = run({ text: "New" });
  const followed = following(run(), now, run({ model: "c", changes: [HEAD] }));
  assert.deepEqual(followed, { model: "c", text: "New", target: "", changes: [HEAD] });
  assert.equal(following(run(), now, run({ text: "Other" })), null);
  assert.equal(following(run(), run({ changes: [HEAD] }), run()), null);
  assert.equal(following(run(), now, null), null);
});

test("a call names two runs, and both are spelled out", () => {
  const main = run();
  const other = run({ model: "c", text: "Two", changes: [HEAD] });
  set({ main: { ...main, tokens: [], target_tokens: [], attention_kinds: [], layers: 1 }, other });
  assert.deepEqual(withRun({ run: "main", beside: "other", limit: 3 }), {
    ...{ model: "a", text: "One", target: "" },
    ...{ other_model: "c", other_text: "Two", other_target: "", other_changes: [HEAD], limit: 3 },
  });
  assert.deepEqual(withRun({ run: "main", other: "other" }).other, "other");
  const found = parts(state, {}, 2000);
  assert.equal(found.other_model, "c");
  assert.deepEqual(JSON.parse(found.other_changes), [HEAD]);
});

test("sides are told apart by what differs", () => {
  const pair = /** @type {any} */ ({ same_model: false, same_text: true, counterparts: [0, null, 1] });
  const sides = { main: run(), other: run({ model: "c" }), pair };
  assert.deepEqual(sideNames(sides), ["a", "c"]);
  assert.deepEqual(
    sideNames({ main: run(), other: run({ text: "Two" }), pair: { ...pair, same_model: true, same_text: false } }),
    ["One", "Two"],
  );
  const changed = sideNames({ main: run({ changes: [HEAD] }), other: run(), pair: { ...pair, same_model: true } });
  assert.notEqual(...changed);
  assert.deepEqual(counterpart({ stack: "source", position: 2 }, pair), { stack: "source", position: 1 });
  assert.equal(counterpart({ stack: "source", position: 1 }, pair), null);
  assert.deepEqual(
    [0, 3, 6].map((depth) => relative(depth, 6, 12)),
    [0, 6, 12],
  );
});
