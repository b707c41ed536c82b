import assert from "node:assert/strict";
import { test } from "node:test";
import { bestPath, placed } from "../../explorer/features/completion/beam_places.js";
import { barShare, fullBar, othersOf } from "../../explorer/features/completion/distribution_rows.js";
import {
  headlineSentence,
  lastWord,
  massSentence,
  rulesSentence,
  wordNote,
  wordSentence,
} from "../../explorer/features/completion/distribution_words.js";
import { withWord } from "../../explorer/features/completion/gap_sentence.js";
import { axes } from "../../explorer/features/completion/mass_plot.js";
import { presetOf } from "../../explorer/features/completion/presets.js";
import { rowsOf, withCell } from "../../explorer/features/prompting/rows.js";
import { firstDifference } from "../../explorer/web/columns.js";
import { samplingOf } from "../../explorer/web/sampling.js";
import { MEASURES, stepName, stepText } from "../../explorer/web/steps.js";
import { wordName } from "../../explorer/web/tokens.js";

/**
 * @param {string} text
 * @param {number} probability
 */
const candidate = (text, probability, final = probability) => ({
  id: 1,
  text,
  special: false,
  logit: 0,
  probability,
  final_probability: final,
  rank: 1,
  kept: true,
  cut_by: "",
});

test("a text keeps its spaces; what cannot be seen gets a sign", () => {
  assert.equal(stepText({ text: " dog", special: false }), " dog");
  assert.equal(stepText({ text: "\n\n", special: false }), "↵\n↵\n");
  assert.equal(stepText({ text: "a\u200bb c", special: false }), "aU+200Bb c");
  assert.equal(stepText({ text: "<pad>", special: true }), "<pad>");
  assert.equal(stepName({ text: " dog", special: false }), "·dog");
});

test("a step is brightest where it was sure", () => {
  const sure = { ...candidate("a", 1), entropy: 0, final_entropy: 0, alternatives: [] };
  assert.equal(MEASURES.probability.of(sure), 1);
  assert.equal(MEASURES.rank.of(sure), 1);
  assert.equal(MEASURES.entropy.of({ ...sure, entropy: 30 }), 0);
});

test("settings are taken by their names, or by their names behind a prefix", () => {
  const state = { temperature: 1.3, greedy: false, second_temperature: 0.7, second_seed: 4, length: 9 };
  assert.deepEqual(samplingOf(state), { temperature: 1.3, greedy: false });
  assert.deepEqual(samplingOf(state, "second_"), { temperature: 0.7, seed: 4 });
});

test("a preset is named only while every value is its own", () => {
  const presets = [
    { name: "plain", values: { temperature: 1, greedy: false } },
    { name: "wild", values: { temperature: 1.4, greedy: false } },
  ];
  assert.equal(presetOf(presets, { temperature: 1.4, greedy: false, seed: 3 }), 1);
  assert.equal(presetOf(presets, { temperature: 1.4, greedy: true }), -1);
});

test("two texts part at the first token that differs, and not where one is only shorter", () => {
  const texts = (/** @type {string} */ word) => [...word].map((text) => ({ text }));
  assert.equal(firstDifference(texts("abcd"), texts("abxd")), 2);
  assert.equal(firstDifference(texts("abc"), texts("ab")), -1);
});

test("bars share one scale, linear or of six decades", () => {
  const rows = [candidate("a", 0.5, 0.8), candidate("b", 0.2, 0)];
  assert.equal(fullBar(rows), 1);
  assert.equal(fullBar([candidate("a", 0.07)]), 0.1);
  assert.equal(barShare(0.4, { log: false, full: 0.5 }), 0.8);
  assert.equal(barShare(0.4, { log: false, full: 0.1 }), 1);
  assert.ok(Math.abs(barShare(0.001, { log: true, full: 1 }) - 0.5) < 1e-9);
  assert.equal(barShare(0, { log: true, full: 1 }), 0);
});

test("rules, mass and words are told in sentences", () => {
  const mass = { ranks: [1, 2], cumulative: [0.5, 1], top_p: 1, kept: 2 };
  assert.match(massSentence(mass), /top-p is off\.$/);
  assert.match(massSentence({ ...mass, top_p: 0.9, kept: 1 }), /top-p 0\.90 keeps the first 1 tokens, .* 90 %\.$/);
  const found = { candidates: [], drawn: null, mass, entropy: 1, final_entropy: 1, kept: 2, kept_mass: 1, vocab: 2 };
  assert.match(rulesSentence({ ...found, rules: [] }), /^No limits/);
  const rules = [
    { name: "temperature", cut: 0 },
    { name: "top-k", cut: 8187 },
  ];
  assert.match(rulesSentence({ ...found, rules }), /temperature → top-k \(removes 8,187\)/);
  const steps = [candidate(" space", 0.5), candidate("ship", 0.1)];
  const told = { steps, probability: 0.05, final_probability: 0.05 };
  assert.equal(wordSentence(told), "·space 50.0 % × ship 10.0 % = 5.0 %");
  assert.match(wordNote(false), /Longer words that begin with these tokens/);
  assert.equal(wordNote(true), ""); // a mask is one token and nothing more
});

test("the mass plot runs from the first rank to the last, also where there is one", () => {
  const { x, y } = axes(200, 100, 1000);
  assert.ok(x(1) < x(10) && x(10) < x(1000) && x(1000) <= 200);
  assert.ok(y(1) < y(0));
  assert.ok(Number.isFinite(axes(200, 100, 1).x(1)));
});

test("kept beams stand above dropped ones, of which as many are drawn", () => {
  const nodes = ["dropped", "kept", "dropped", "dropped"].map((status) => ({ depth: 1, status, parent: null }));
  const room = { width: 1000, height: 300 };
  const { places } = placed(nodes, room, 4);
  assert.deepEqual([...places.keys()], [1, 0]);
  assert.ok((places.get(1)?.y ?? 0) < (places.get(0)?.y ?? 0));
  assert.equal(placed([], room, 4).places.size, 0);
});

test("beams take the width there is, and scroll where it is too little", () => {
  const nodes = [1, 2, 3].map((depth) => ({ depth, status: "kept", parent: null }));
  assert.equal(placed(nodes, { width: 480, height: 300 }, 3).column, 160);
  assert.ok(placed(nodes, { width: 90, height: 300 }, 3).width > 90);
  assert.equal(placed(nodes, { width: 480, height: 300 }, 3).places.get(2)?.x, 320);
});

test("the best text is the way back from the first that ended", () => {
  const nodes = [{ parent: null }, { parent: 0 }, { parent: 0 }];
  assert.deepEqual([...bestPath(nodes, [{ node: 2 }, { node: 1 }])], [2, 0]);
  assert.equal(bestPath(nodes, []).size, 0);
});

test("the table of examples is rows of two texts, whatever a link says", () => {
  assert.deepEqual(rowsOf([["a", "b"], ["c"], 3]), [
    ["a", "b"],
    ["c", ""],
    ["", ""],
  ]);
  assert.deepEqual(rowsOf("x"), []);
  assert.equal(rowsOf(Array(50).fill(["a", "b"])).length, 20);
  assert.deepEqual(withCell([["a", "b"]], 0, 1, "c"), [["a", "c"]]);
});

test("the headline says what comes after the last word, and what the rules make of it", () => {
  const mass = { ranks: [1], cumulative: [1], top_p: 1, kept: 1 };
  const candidates = [
    { ...candidate(" door", 0.939, 0.991), id: 1, rank: 1 },
    { ...candidate(" gate", 0.02, 0.001), id: 2, rank: 2 },
  ];
  const found = {
    candidates,
    drawn: null,
    mass,
    rules: [],
    entropy: 1,
    final_entropy: 1,
    kept: 2,
    kept_mass: 1,
    vocab: 9,
  };
  const place = { before: "the", temperature: 0.7, gap: 0, gaps: 0 };
  assert.equal(headlineSentence(found, place, "X"), "After “the”: X 93.9 %.");
  const warm = { ...found, rules: [{ name: "temperature", cut: 0 }] };
  assert.equal(headlineSentence(warm, place, "X"), "After “the”: X 93.9 %, at temperature 0.7 99.1 %.");
  const other = {
    ...warm,
    candidates: [
      { ...candidates[0], final_probability: 0.1 },
      { ...candidates[1], final_probability: 0.9 },
    ],
  };
  assert.match(headlineSentence(other, place, "X"), /rather “gate” 90\.0 %\.$/);
  assert.equal(headlineSentence(found, { ...place, gap: 1, gaps: 3 }, "X"), "In gap 2 of 3: X 93.9 %.");
  assert.equal(lastWord("Once upon a\n"), "a");
  assert.equal(lastWord(""), "");
  assert.equal(wordName({ text: " door", special: false }), "door");
  assert.equal(wordName({ text: " ", special: false }), "·");
});

test("what is not listed is one row, and the token that is drawn is always listed", () => {
  const drawn = { ...candidate(" far", 0.01, 0.02), id: 7 };
  const listed = [{ ...candidate(" a", 0.5, 0.6), id: 1 }];
  const mass = { ranks: [1], cumulative: [1], top_p: 1, kept: 1 };
  const found = {
    candidates: listed,
    drawn,
    mass,
    rules: [],
    entropy: 1,
    final_entropy: 1,
    kept: 2,
    kept_mass: 1,
    vocab: 9,
  };
  const others = othersOf(found);
  assert.deepEqual([others.listed.length, others.count], [2, 7]);
  assert.ok(Math.abs(others.probability - 0.49) < 1e-9 && Math.abs(others.final_probability - 0.38) < 1e-9);
  assert.equal(othersOf({ ...found, drawn: listed[0] }).listed.length, 1);
});

test("a word goes into its own gap, the other masks stay", () => {
  const filled = candidate(" cat", 0.5);
  const gaps = [
    { before: "The ", mask: "[MASK]", filled },
    { before: " sat on the ", mask: "[MASK]", filled },
  ];
  assert.equal(withWord({ gaps, after: "." }, 1), "The [MASK] sat on the cat.");
});
