import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutOf, fileName } from "../../explorer/web/saving/about.js";
import { figureRows } from "../../explorer/web/saving/plot_rows.js";
import { keywords, literal, program } from "../../explorer/web/saving/python.js";
import { pathOf } from "../../explorer/web/saving/qr.js";
import { wrapped } from "../../explorer/web/saving/sheet.js";
import { cell, csv } from "../../explorer/web/saving/table.js";

test("a table is CSV by RFC 4180: quoted where it must be, one line ending, every column named", () => {
  /** @type {import("../../explorer/web/saving/offer.js").Row[]} */
  const rows = [
    { token: 'say "hi", twice', probability: 0.25, kept: true },
    { token: "two\nlines", probability: null, rank: 3 },
  ];
  const lines = 'token,probability,kept,rank\r\n"say ""hi"", twice",0.25,true,\r\n"two\nlines",,,3\r\n';
  assert.equal(csv(rows), lines);
});

test("no text starts a formula, and a number stays a number", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM", "\tx"]) assert.ok(cell(text).startsWith("'"), text);
  assert.equal(cell("\rx"), '"\'\rx"');
  assert.equal(cell(-0.5), "-0.5");
  assert.equal(cell(1e-9), "1e-9");
  assert.equal(cell("a=1"), "a=1");
});

test("values are written as Python writes them", () => {
  assert.equal(literal('He said "no"\n'), '"He said \\"no\\"\\n"');
  assert.equal(literal([true, null, 0.5]), "[True, None, 0.5]");
  assert.equal(keywords({ layer: 3, kind: "self" }, { kind: "self" }), "layer=3");
});

test("a program loads the model, runs the text and imports what it uses", () => {
  const run = { model: "storybook", text: "Once", target: "" };
  const python = ["found = model.next_token(trace.text, Sampling(temperature=0.5))"];
  const lines = ["from models import Sampling, load", "", 'model = load("storybook")', 'trace = model.trace("Once")'];
  assert.equal(program({ python }, run), [...lines, ...python, ""].join("\n"));
  const other = program({ python: ["vectors = model.embedding()"], isOfRun: false, imports: ["import numpy"] }, run);
  assert.equal(
    other,
    'import numpy\n\nfrom models import load\n\nmodel = load("storybook")\nvectors = model.embedding()\n',
  );
  assert.match(program({}, { ...run, target: "upon" }), /model\.trace\("Once", "upon"\)/);
});

test("a comparison's program and its settings have both sides", () => {
  const head = /** @type {const} */ ({ kind: "head", layer: 4, head: 0 });
  const run = /** @type {any} */ ({ model: "one", revision: "r", text: "Once", target: "", changes: [] });
  const other = /** @type {any} */ ({ ...run, model: "two", text: "Twice", changes: [head] });
  const lines = program({ python: ["kl = 0"] }, run, other).split("\n");
  assert.deepEqual(lines.slice(2, 7), [
    'model = load("one")',
    'trace = model.trace("Once")',
    'other = load("two")',
    'other = other.changed([{"kind": "head", "layer": 4, "head": 0}], "Twice")',
    'other_trace = other.trace("Twice")',
  ]);
  const picture = /** @type {any} */ ({ name: "one head", parts: [] });
  const about = aboutOf(picture, run, { headline: "", link: "", beside: other });
  assert.equal(about.title, "one | two · one head");
  assert.deepEqual(about.settings.slice(2, 4), [
    ["B: Model", "two (r)"],
    ["B: Text", "Twice"],
  ]);
});

test("lines are as wide as the sheet, and a word that is wider is cut", () => {
  /** @param {string} text */
  const measure = (text) => text.length;
  assert.deepEqual(wrapped("one two three", 8, measure), ["one two", "three"]);
  assert.deepEqual(wrapped("a abcdefghij", 4, measure), ["a", "abcd", "efgh", "ij"]);
  assert.deepEqual(wrapped("", 4, measure), []);
});

test("a code's modules stand within a quiet zone of four", () => {
  assert.equal(pathOf(["101", "011"]), "M4 4h1v1h-1zM6 4h1v1h-1zM5 5h2v1h-2z");
});

test("files have names that every system takes", () => {
  const run = /** @type {any} */ ({ model: "owner/model" });
  const picture = { name: "Head 5·0: “the” → ?", parts: [], rows: () => [] };
  assert.equal(fileName(run, picture), "owner-model-Head-5-0-the");
});

test("a figure's numbers are rows, also where Plotly's Python side has packed them", () => {
  const packed = { dtype: "i2", bdata: "AQACAAMABAA=", shape: "2, 2" };
  const heatmap = { type: "heatmap", z: packed, x: [5, 6], y: [7, 8] };
  const names = { x: "key", y: "query" };
  assert.deepEqual(figureRows({ data: [heatmap] }, names).slice(1, 3), [
    { query: 7, key: 6, value: 2 },
    { query: 8, key: 5, value: 3 },
  ]);
  const line = { type: "scatter", name: "mean", y: [0.5, null] };
  const rows = [
    { series: "mean", key: 0, query: 0.5 },
    { series: "mean", key: 1, query: null },
  ];
  assert.deepEqual(figureRows({ data: [line] }, names), rows);
});
