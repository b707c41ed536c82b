// Changes to the model: in words, in links, and as lines of Python.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeOf, fieldsOf, firsts } from "../../explorer/features/experiment/fields.js";
import { changesIn } from "../../explorer/shell/link.js";
import { changeName } from "../../explorer/web/change_names.js";
import { program } from "../../explorer/web/saving/python.js";

const HEAD = /** @type {const} */ ({ kind: "head", layer: 4, head: 0 });

test("each change has words of its own", () => {
  assert.equal(changeName(HEAD), "head 4·0 off");
  assert.equal(changeName({ ...HEAD, by: "scale", value: 2, attention: "cross" }), "head 4·0 × 2 (cross-attention)");
  assert.equal(changeName({ kind: "edge", query: 7, key: 2 }), "position 7 cannot look at position 2");
  assert.equal(
    changeName({ kind: "steer", depth: 3, toward: " king", away: " queen" }),
    "steered toward “king” and away from “queen” at depth 3, strength 0.5",
  );
  assert.equal(changeName({ kind: "neuron", layer: 3, neuron: 1015, by: "set", value: 4 }), "neuron 3·1015 set to 4");
});

test("a link's changes are a list of objects with a kind, or none", () => {
  const read = (/** @type {string} */ changes) => changesIn(new URLSearchParams({ changes }));
  assert.deepEqual(read(JSON.stringify([HEAD])), [HEAD]);
  for (const wrong of ["", "{", "{}", "[1]", "[null]", '[{"layer":1}]', JSON.stringify(Array(65).fill(HEAD))]) {
    assert.deepEqual(read(wrong), []);
  }
});

test("copied Python changes the model before it runs", () => {
  const edge = /** @type {const} */ ({ kind: "edge", layer: null, query: 1, key: 0 });
  const run = { model: "m", text: "A", target: "", changes: [HEAD, edge] };
  const lines = program({ python: [] }, run).split("\n");
  const changed =
    'model = model.changed([{"kind": "head", "layer": 4, "head": 0}, ' +
    '{"kind": "edge", "layer": None, "query": 1, "key": 0}], "A")';
  assert.ok(lines.indexOf(changed) === lines.indexOf('trace = model.trace("A")') - 1);
});

test("the form makes a change of what is chosen", () => {
  const run = /** @type {any} */ ({
    ...{ kind: "decoder", layers: 6, attention_kinds: [{ kind: "self", layers: 6, heads: 4 }] },
    ...{ text: "a b", target: "", tokens: [{ text: "a" }, { text: " b" }], target_tokens: [] },
  });
  const values = firsts(run, { layer: 2, head: 3, kind: "self", token: { stack: "source", position: 1 } });
  assert.deepEqual(changeOf("head", values, run), { kind: "head", layer: 2, head: 3, by: "zero" });
  assert.deepEqual(changeOf("edge", values, run), { kind: "edge", layer: null, head: null, query: 1, key: 0 });
  const asked = fieldsOf("patch", { ...values, of: "head" }, run).map(({ name }) => name);
  assert.deepEqual(asked, ["of", "layer", "head", "position", "text", "from_position"]);
});
