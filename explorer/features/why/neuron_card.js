// One neuron: what it reads and writes, how active it is on the text, and the passages that move it most.
import { changeMenu } from "../../web/change_menu.js";
import { diverging, shade } from "../../web/colour.js";
import { find, h } from "../../web/dom.js";
import { signed } from "../../web/format.js";
import { _, number } from "../../web/language.js";
import { lineText } from "../../web/steps.js";
import { ofNeuron, ofPart } from "../../web/suggested_changes.js";
import { gapName, tokenName } from "../../web/tokens.js";
import { wordOf } from "./contributions_words.js";
import { neuronName } from "./neuron_words.js";

/** @typedef {import("../../web/calls.d.ts").NeuronCard} NeuronCard */
/** @typedef {import("../../web/calls.d.ts").PassageAnswer} PassageAnswer */
/** @typedef {import("../../web/calls.d.ts").ScoredToken} ScoredToken */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

const SHOWN = 7; // words of a list

/**
 * @param {HTMLElement} place
 * @param {import("./neuron_words.js").Place} which
 * @param {NeuronCard} card
 * @param {readonly TokenRow[]} tokens
 * @param {number} here  the position that is asked about
 */
export function drawCard(place, which, card, tokens, here) {
  const most = Math.max(...card.activity.map((value) => Math.abs(value ?? 0)), 1e-12);
  const strip = tokens.map((token, at) => {
    const value = card.activity[at] ?? 0;
    const node = active(token.special ? gapName(token) || token.piece : lineText(token), value, most, tokenName(token));
    node.toggleAttribute("data-here", at === here);
    return node;
  });
  place.replaceChildren(
    h("h3", { class: "neuron-title" }, neuronName(which)),
    changeMenu([...ofNeuron(which), ...ofPart({ layer: which.layer, part: "feed_forward" }).slice(0, 1)]),
    ...(card.refusal ? [h("p", { class: "note" }, card.refusal)] : lists(card)),
    h("h4", null, _("Active on this text (at most {value})", { value: signed(largest(card.activity)) })),
    h("p", { class: "neuron-strip", dir: "auto", tabindex: 0 }, strip),
    h("h4", null, _("Most active in the passages")),
    h("div", { class: "neuron-passages" }, h("p", { class: "note" }, _("Reading the passages…"))),
  );
  const long = find(place, ".neuron-strip"); // scrolled to the position, where not all of it can be seen
  long.scrollTo({ top: strip[here].offsetTop - long.offsetTop - long.clientHeight / 2, behavior: "instant" });
}

/** @param {NeuronCard} card */
function lists({ gated, reads, raises, lowers }) {
  const rows = [
    ...(reads.length ? [[gated ? _("its gate opens for") : _("reads"), reads]] : []),
    [_("raises"), raises],
    [_("lowers"), lowers],
  ];
  const pairs = /** @type {[string, ScoredToken[]][]} */ (rows);
  return [
    h(
      "dl",
      { class: "neuron-lists" },
      pairs.map(([name, found]) => h("div", null, h("dt", null, name), h("dd", { dir: "auto" }, words(found)))),
    ),
  ];
}

/** @param {readonly ScoredToken[]} found */
const words = (found) =>
  found.slice(0, SHOWN).map((one) => h("span", { class: "neuron-word", title: signed(one.score, 3) }, wordOf(one)));

/**
 * The passages, or how far the reading of them is.
 * @param {HTMLElement} card
 * @param {import("../../web/calls.d.ts").PassagesMessage} message
 */
export function drawPassages(card, { passages, done, of }) {
  const place = card.querySelector(".neuron-passages");
  if (!place) return;
  if (!passages) {
    const stop = h("button", { type: "button", class: "action", "data-do": "stop-passages" }, _("Stop"));
    place.replaceChildren(h("p", { class: "note" }, _("Reading the passages: {done} of {of}…", { done, of })), stop);
    return;
  }
  place.replaceChildren(...passages.map(passage));
}

/**
 * The reading was stopped: what goes on with it.
 * @param {HTMLElement} card
 */
export function drawStopped(card) {
  const place = card.querySelector(".neuron-passages");
  place?.replaceChildren(h("p", { class: "note" }, _("Stopped. Choose a neuron to read the passages again.")));
}

/** @param {PassageAnswer} one */
function passage({ tokens, at }) {
  const most = Math.abs(tokens[at].activation) || 1;
  const parts = tokens.map((token, place) => {
    const node = active(lineText(token), token.activation, most, token.text);
    node.toggleAttribute("data-here", place === at);
    return node;
  });
  return h(
    "p",
    { class: "neuron-strip", dir: "auto" },
    h("b", null, signed(tokens[at].activation, 1)),
    " … ",
    parts,
    " …",
  );
}

/**
 * A token shaded by how active the neuron is there.
 * @param {string} text
 * @param {number} value
 * @param {number} most
 * @param {string} name
 */
function active(text, value, most, name) {
  const node = h("span", { "data-tip": `${name} ${number(value, 2)}`, title: signed(value, 2) }, text);
  shade(node, 0.5 + value / most / 2, diverging);
  return node;
}

/** @param {readonly (number | null)[]} values */
const largest = (values) =>
  values.reduce(
    (/** @type {number} */ best, value) => (Math.abs(value ?? 0) > Math.abs(best) ? (value ?? 0) : best),
    0,
  );
