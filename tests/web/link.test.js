// A link may ask for anything; only what a person could have set is taken, and what is seen comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, firstRun, isTooLong, ownKeys, parts, runIn, tooLong, valueIn } from "../../explorer/shell/link.js";

/** @type {Record<string, import("../../explorer/web/configuration.js").Control>} */
const CONTROLS = {
  temperature: { kind: "number", first: 1, minimum: 0, maximum: 2 },
  seed: { kind: "number", first: 0, minimum: 0, maximum: null },
  greedy: { kind: "flag", first: false },
  show: { kind: "choice", first: "weights", choices: ["weights", "rollout"] },
  heads: { kind: "choices", first: [], choices: [1, 2] },
  free: { kind: "choice", first: "a", choices: ["a"], free: true },
  word: { kind: "text", first: "" },
  chosen: { kind: "json", first: [] },
  camera: { kind: "json", first: null },
};

/** @type {[string, string, unknown][]} */
const CASES = [
  ["temperature", "0.7", 0.7],
  ["temperature", "2", 2],
  ["temperature", "2.1", undefined],
  ["temperature", "-0.1", undefined],
  ["temperature", "nan", undefined],
  ["temperature", "Infinity", undefined],
  ["temperature", "", undefined],
  ["temperature", "<b>", undefined],
  ["seed", "12", 12],
  ["seed", "1e999", undefined],
  ["greedy", "true", true],
  ["greedy", "false", false],
  ["greedy", "1", undefined],
  ["show", "rollout", "rollout"],
  ["show", "attention weights", undefined],
  ["heads", "[1,2,3]", [1, 2]],
  ["heads", "1", undefined],
  ["heads", "[", undefined],
  ["free", "anything", "anything"],
  ["word", "<script>", "<script>"],
  ["word", "x".repeat(9000), "x".repeat(2000)],
  ["chosen", "[[5,0]]", [[5, 0]]],
  ["chosen", '{"a":1}', undefined],
  ["chosen", "null", null],
  ["chosen", `["${"x".repeat(3000)}"]`, undefined],
  ["camera", '{"x":1}', { x: 1 }],
];

for (const [key, text, value] of CASES) {
  test(`${key}=${text.slice(0, 20)} is ${value === undefined ? "not believed" : "taken"}`, () => {
    assert.deepEqual(valueIn(text, CONTROLS[key]), value);
  });
}

test("a selection is read, and what is none is left out", () => {
  const query = new URLSearchParams("layer=3&head=x&kind=cross&token=target:12&tab=attention&nothing=1&__theme=dark");
  assert.deepEqual(chosen(query, CONTROLS, ["tokens", "attention"]), {
    layer: 3,
    kind: "cross",
    token: { stack: "target", position: 12 },
    tab: "attention",
  });
  assert.deepEqual(chosen(new URLSearchParams("tab=nowhere&kind=odd&token=source:-1"), CONTROLS, ["tokens"]), {});
});

test("a run of a link has the parts the link names", () => {
  const query = new URLSearchParams({ model: "gpt2", text: 'fox & the "grapes" = #1 ü', other_text: "" });
  assert.deepEqual(runIn(query), { model: "gpt2", text: 'fox & the "grapes" = #1 ü' });
  assert.deepEqual(runIn(query, "other_"), { text: "" });
});

test("what the address says of a state gives the state back", () => {
  const run = /** @type {any} */ ({ model: "m", text: "A dog", target: "" });
  const seen = { layer: 2, head: 1, kind: "cross", tab: "attention", token: { stack: "source", position: 3 } };
  const values = { temperature: 0.5, seed: 0, greedy: true, show: "rollout", heads: [2], free: "b", word: "x" };
  const state = /** @type {any} */ ({ main: run, other: null, ...seen, ...values, chosen: [[5, 0]], camera: null });
  const query = new URLSearchParams(parts(state, CONTROLS, 2000));
  assert.deepEqual(chosen(query, CONTROLS, ["attention"]), {
    ...seen,
    temperature: 0.5,
    greedy: true,
    show: "rollout",
    heads: [2],
    free: "b",
    word: "x",
    chosen: [[5, 0]],
  });
  assert.deepEqual(runIn(query), { model: "m", text: "A dog" });
});

test("a comparison is in the link, and a text too long for an address is not", () => {
  const short = /** @type {any} */ ({ model: "a", text: "one", target: "eins" });
  const long = /** @type {any} */ ({ model: "b", text: "x".repeat(2001), target: "" });
  const state = /** @type {any} */ ({
    main: short,
    other: long,
    layer: 0,
    head: 0,
    kind: "self",
    tab: null,
    token: null,
  });
  const chosen = { layer: "0", head: "0" }; // also when they are the first: a link that names none opens another
  assert.deepEqual(parts(state, {}, 2000), { ...chosen, model: "a", text: "one", target: "eins", other_model: "b" });
  assert.equal(isTooLong(long, 2000), true);
  assert.equal(isTooLong(null, 2000), false);
});

test("the page owns its own keys in an address and no others", () => {
  assert.ok(["layer", "text", "other_model", "temperature"].every((key) => ownKeys(CONTROLS).includes(key)));
  assert.ok(!ownKeys(CONTROLS).includes("__theme"));
});

test("a page opens with what its link asks for, else with an example of the model", () => {
  const samples = { storybook: [{ text: "Once", target: "" }], t5: [{ text: "The <gap>", target: "gap" }] };
  const page = { hosted: false, model: "storybook", samples };
  assert.deepEqual(firstRun({}, page), { model: "storybook", text: "Once", target: "" });
  assert.deepEqual(firstRun({ model: "t5" }, page), { model: "t5", text: "The <gap>", target: "gap" });
  assert.deepEqual(firstRun({ model: "t5", text: "a" }, page), { model: "t5", text: "a", target: "" });
  assert.deepEqual(firstRun({ model: "/etc", text: "a" }, page), { model: "/etc", text: "a", target: "" });
  const hosted = { ...page, hosted: true };
  assert.deepEqual(firstRun({ model: "/etc", text: "a" }, hosted), { model: "storybook", text: "a", target: "" });
});

test("what is too long for an address is left out and named, and a file holds it", () => {
  const run = /** @type {any} */ ({ model: "a", text: "one", target: "" });
  const rows = Array.from({ length: 900 }, (_row, at) => at);
  const nothing = { other: null, layer: 0, head: 0, kind: "self", tab: null, token: null };
  const firsts = Object.fromEntries(Object.entries(CONTROLS).map(([key, { first }]) => [key, first]));
  const state = /** @type {any} */ ({ main: run, ...nothing, ...firsts, chosen: rows });
  assert.equal(parts(state, CONTROLS, 2000).chosen, undefined);
  assert.equal(tooLong(state, CONTROLS, 2000), "choice");
  assert.equal(tooLong({ ...state, chosen: [1] }, CONTROLS, 2000), null);
  assert.equal(tooLong({ ...state, main: { ...run, text: "x".repeat(2001) } }, CONTROLS, 2000), "text");
  const filed = new URLSearchParams(parts(state, CONTROLS, Infinity));
  assert.deepEqual(chosen(filed, CONTROLS, [], 1e6), { layer: 0, head: 0, chosen: rows });
  assert.deepEqual(chosen(filed, CONTROLS, []), { layer: 0, head: 0 });
});
