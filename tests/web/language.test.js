import assert from "node:assert/strict";
import { test } from "node:test";
import { _, _n, languageOf, number } from "../../explorer/web/language.js";

test("a sentence without a catalogue is its English, with its values put in", () => {
  assert.equal(_("Done."), "Done.");
  assert.equal(_("{model} has {layers} layers.", { model: "storybook", layers: 6 }), "storybook has 6 layers.");
});

test("whole numbers are grouped, texts are not", () => {
  assert.equal(_("{count} of {id}", { count: 20500, id: "20500" }), "20,500 of 20500");
});

test("other numbers stand as they are given, or with the decimals asked for", () => {
  assert.equal(_("{x}", { x: 0.25 }), "0.25");
  assert.equal(number(1234.5, 2), "1,234.50");
  assert.equal(number(1234.5), "1,234.5");
});

test("braces are left alone where no values are given, and doubled ones mean themselves where they are", () => {
  assert.equal(_("{raw}"), "{raw}");
  assert.equal(_("{{{x}}}", { x: "a" }), "{a}");
});

test("a value that is missing is an error, not a hole", () => {
  assert.throws(() => _("{there} {missing}", { there: 1 }), /missing/);
});

test("text that looks like a place for a value is not filled", () => {
  assert.equal(_("{text}", { text: "{count}", count: 3 }), "{count}");
});

test("one thing and several things have their own sentence", () => {
  assert.equal(_n("{count} token", "{count} tokens", 1), "1 token");
  assert.equal(_n("{count} token", "{count} tokens", 1200), "1,200 tokens");
  assert.equal(_n("{count} token of {model}", "{count} tokens of {model}", 2, { model: "x" }), "2 tokens of x");
});

test("a language has its own sentences and numbers", () => {
  const german = languageOf("de", { "{count} token": ["{count} Token", "{count} Tokens"], "Done.": "Fertig." });
  assert.equal(german.sentence("Done."), "Fertig.");
  assert.equal(german.counted("{count} token", "{count} tokens", 1), "1 Token");
  assert.equal(german.counted("{count} token", "{count} tokens", 1234), "1.234 Tokens");
  assert.equal(german.number(0.5, 1), "0,5");
  assert.equal(german.sentence("Not translated."), "Not translated.");
});

test("a language with several plurals uses each", () => {
  const polish = languageOf("pl", { "{count} day": ["{count} dzień", "{count} dni", "{count} dni (wiele)"] });
  const written = [1, 2, 5].map((count) => polish.counted("{count} day", "{count} days", count));
  assert.deepEqual(written, ["1 dzień", "2 dni", "5 dni (wiele)"]);
});

test("a country's code is understood as the server writes it", () => {
  assert.equal(languageOf("pt_BR", {}).number(1.5, 1), "1,5");
});
