import assert from "node:assert/strict";
import { test } from "node:test";
import { entryName, gapName, isBreak, joinGroups, tokenLabel, tokenName } from "../../explorer/web/tokens.js";

test("spaces and breaks have signs", () => {
  assert.equal(tokenLabel(" king\n"), "·king↵");
  assert.equal(tokenLabel("\t\u00a0\r"), "⇥⍽␍");
});

test("invisible characters are named by their number", () => {
  assert.equal(tokenLabel("\u200b"), "U+200B");
  assert.equal(tokenLabel("\u0000"), "U+0000");
  assert.equal(tokenLabel("\u{e0001}"), "U+E0001");
});

test("an emoji of several parts stays whole, and a joiner elsewhere is named", () => {
  assert.equal(tokenLabel("👩\u200d🚀"), "👩\u200d🚀");
  assert.equal(tokenLabel("a\u200db"), "aU+200Db");
});

test("an accent without a letter gets a circle to stand on", () => {
  assert.equal(tokenLabel("\u0301"), "◌\u0301");
});

test("special tokens and empty ones are called by their piece, candidates without one by their text", () => {
  assert.equal(tokenName({ text: " a", special: false, piece: "Ġa" }), "·a");
  assert.equal(tokenName({ text: "", special: false, piece: "Ã" }), "Ã");
  assert.equal(tokenName({ text: "</s> x", special: true }), "</s> x");
  assert.equal(entryName(""), "(empty)");
});

test("a gap has one name, wherever it comes from, and text that only looks like one keeps its own", () => {
  const gap = { text: "", special: true, piece: "<extra_id_0>" };
  assert.deepEqual([gapName(gap), tokenName(gap), entryName("<extra_id_11>")], ["gap 1", "gap 1", "gap 12"]);
  assert.equal(gapName({ text: "<extra_id_0>", special: false }), "");
  assert.equal(tokenName({ text: "<extra_id_0>", special: false }), "<extra_id_0>");
});

test("tokens that spell one character together name it once", () => {
  const tokens = [
    { text: "日", group: 0 },
    { text: "本", group: 1 },
    { text: "本", group: 1 },
    { text: " x", group: 2 },
  ];
  assert.equal(joinGroups(tokens), "日本·x");
  assert.equal(joinGroups([{ text: "a" }, { text: "a" }]), "aa");
});

test("a token with a line break in it ends a line", () => {
  assert.deepEqual(["a\n", "\n  ", "a"].map(isBreak), [true, true, false]);
});
