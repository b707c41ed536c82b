// Neurons: those that write most at the chosen token, those that write a word, and one of them in full.
import { changesHere } from "../../web/change_here.js";
import { closest, find, h, listbox, onResize, onTheme } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _, number } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest, stream } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { ofNeuron } from "../../web/suggested_changes.js";
import { columnName } from "./attribution_words.js";
import { drawCard, drawPassages, drawStopped } from "./neuron_card.js";
import { drawNeurons } from "./neuron_grid.js";
import { saved } from "./neuron_saved.js";
import { activeHeadline, neuronName, placeText, readPlace } from "./neuron_words.js";
import { positionOf } from "./question.js";

/** @typedef {import("../../web/calls.d.ts").ActiveAnswer} ActiveAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./neuron_words.js").Place} Place */

const FOUND = 8;

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const grid = find(element, ".neurons-grid");
  const card = find(element, ".neuron-card");
  const listed = find(element, ".neurons-found");
  const box = find(element, ".why-box", HTMLInputElement);
  const [askActive, askCard, askFound] = [latest(element), latest(element), latest(element)];
  const passages = stream(element, "neuron_passages");
  /** @type {{ facts: RunFacts, answer: ActiveAnswer } | null} */
  let scene = null;
  /** @type {HTMLElement[]} */
  let cells = [];
  let told = "";
  const list = listbox(grid, {
    items: () => cells,
    selected: () => cells.findIndex(({ dataset }) => dataset.neuron === placeText(chosen())),
    onSelect: (index) => set({ why_neuron: cells[index].dataset.neuron ?? "" }),
    orientation: "grid",
    follow: false,
  });

  /** The neuron on the card: the chosen one, or the one that writes most. */
  function chosen() {
    const layers = scene?.answer.layers ?? [];
    const named = readPlace(state.why_neuron);
    if (named && named.layer < layers.length) return named;
    const all = layers.flatMap((line, layer) => line.map((one) => ({ layer, ...one })));
    return all.reduce((best, one) => (one.strength > best.strength ? one : best), all[0] ?? NOBODY);
  }

  function draw() {
    if (!scene) return;
    cells = drawNeurons(grid, scene.answer, placeText(chosen()));
    list.update();
    mark();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {RunFacts} facts */
  async function load(facts) {
    const asked = { token: state.why_token, against: state.why_against, position: positionOf(facts) };
    const answer = await askActive("active_neurons", { run: "main", ...asked });
    scene = { facts, answer };
    draw();
    tell();
    await open();
  }

  async function open() {
    if (!scene) return;
    const { facts, answer: asked } = scene;
    const { layer, neuron } = chosen();
    const place = { layer, neuron };
    const answer = await askCard("neuron_card", { run: "main", ...place });
    drawCard(card, place, answer, facts.target_tokens.length ? facts.target_tokens : facts.tokens, asked.position);
    await passages.start({ run: "main", ...place }, (message) => drawPassages(card, message));
  }

  async function search() {
    if (document.activeElement !== box) box.value = state.why_search;
    const facts = runOf(props);
    if (!facts || !state.why_search) {
      listed.replaceChildren();
      return;
    }
    const found = await askFound("neurons", { model: facts.model, word: state.why_search, count: FOUND });
    listed.replaceChildren(
      ...found.map(({ score, ...place }) => {
        const deviations = _("{score} standard deviations above the average token", { score: number(score, 1) });
        const text = [`${place.layer}·${place.neuron} `, h("small", null, number(score, 1))];
        const label = `${neuronName(place)}: ${deviations}`;
        const marks = { "data-neuron": placeText(place), "aria-label": label, title: deviations };
        return h("button", { class: "chip", "aria-pressed": false, ...marks }, text);
      }),
    );
    mark();
  }

  function mark() {
    const name = placeText(chosen());
    for (const chip of listed.querySelectorAll(".chip"))
      chip.setAttribute("aria-pressed", String(chip instanceof HTMLElement && chip.dataset.neuron === name));
  }

  function tell() {
    if (!scene) return;
    const { facts, answer } = scene;
    const tokens = facts.target_tokens.length ? facts.target_tokens : facts.tokens;
    const all = answer.layers.flatMap((line, layer) => line.map((one) => ({ layer, one })));
    const best = all.reduce((first, next) => (next.one.strength > first.one.strength ? next : first), all[0]);
    told = activeHeadline(best.layer, best.one, columnName(tokens[answer.position]));
    showHeadline();
  }

  function showHeadline() {
    if (told && element.getClientRects().length) headline(element, told);
  }

  box.addEventListener("change", () => set({ why_search: box.value.trim() }));
  listed.addEventListener("click", (event) => {
    const name = closest(event, "[data-neuron]")?.dataset.neuron;
    if (name) set({ why_neuron: name });
  });
  card.addEventListener("click", (event) => {
    if (!closest(event, "[data-do=stop-passages]")) return;
    passages.stop();
    drawStopped(card);
  });
  for (const place of [grid, listed]) {
    changesHere(place, (event) => {
      const which = readPlace(closest(event, "[data-neuron]")?.dataset.neuron ?? "");
      return which && { title: neuronName(which), changes: ofNeuron(which) };
    });
  }
  onResize(grid, draw);
  onTheme(element, () => {
    draw();
    open();
  });
  savable(element, () => {
    if (!scene) return null;
    return saved(scene.answer, { chosen: chosen(), searched: state.why_search, parts: [grid, card] });
  });
  subscribe(element, showHeadline, ["why_view", "tab"]);
  subscribe(element, search, ["main", "why_search"]);
  subscribe(
    element,
    async (_state, changed) => {
      const facts = runOf(props);
      if (!facts) return;
      if (scene && scene.facts.model !== facts.model) set({ why_neuron: "", why_token: "", why_against: "" });
      if (scene?.facts !== facts || changed.includes("token")) return load(facts);
      draw();
      await open();
    },
    ["main", "token", "why_neuron"],
  );
}

const NOBODY = { layer: 0, neuron: 0, strength: 0 };
