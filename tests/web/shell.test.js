// What the page's frame does that needs no page: words of the dictionary in a text, views in a file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dictionary } from "../../explorer/shell/dictionary.js";
import { termsIn } from "../../explorer/shell/terms.js";
import { viewIn } from "../../explorer/shell/view_file.js";

/** @param {string} text */
const words = (text) => termsIn(text).map(({ start, end }) => text.slice(start, end));

test("a text's words of the dictionary are found, the longest at each place, and no parts of words", () => {
  assert.deepEqual(words("Cross-attention of this head"), ["Cross-attention", "head"]);
  assert.deepEqual(words("The heading is ahead of a headlight"), []);
  assert.deepEqual(words("top-p, and a laptop-p"), ["top-p"]);
});

test("every word of the dictionary means one thing, in one plain sentence", () => {
  const forms = dictionary().flatMap(({ word, also = [] }) => [word, ...also]);
  assert.ok(dictionary().length >= 45);
  assert.equal(new Set(forms).size, forms.length);
  for (const { word, means } of dictionary()) assert.match(means, /^[^\n]{20,140}[.]$/, word);
});

test("a file is believed no more than a link: it holds a view, or it is refused", () => {
  const view = viewIn(JSON.stringify({ explorer: 1, view: { text: "A dog", layer: "3", other: { a: 1 } } }));
  assert.equal(view?.get("text"), "A dog");
  assert.equal(view?.has("other"), false);
  for (const text of ["", "{}", "null", "[1]", '{"explorer":2,"view":{}}', '{"explorer":1,"view":null}', "<html>"]) {
    assert.equal(viewIn(text), null, text);
  }
});
