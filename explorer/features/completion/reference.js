// Completions against a reference text: BLEU, chrF and exact match, and what the model gives the reference itself.
import { find, h } from "../../web/dom.js";
import { bits, decimals } from "../../web/format.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { RULES, samplingOf } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { keywords, literal } from "../../web/saving/python.js";
import { set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { afterPause } from "./pause.js";
import { rulesInWords, sampling } from "./saved.js";

/** @typedef {import("../../web/calls.d.ts").GivenAnswer} GivenAnswer */
/** @typedef {import("../../web/calls.d.ts").ScoredAnswer} ScoredAnswer */
/** @typedef {import("../../web/calls.d.ts").ReferenceMessage} ReferenceMessage */

const KEYS = ["main", "completion_part", "reference_text", "reference_beam", "length", "seed", ...RULES];

/** @param {string} how */
const named = (how) =>
  ({ sampled: _("sampled with the rules"), greedy: _("greedy"), beams: _("beam search") })[how] ?? how;

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const text = find(element, ".reference-text", HTMLTextAreaElement);
  const beams = find(element, ".reference-beams", HTMLInputElement);
  const body = find(element, ".reference-table tbody");
  const tools = streamTools(element, "reference", { onMessage: receive, onEnd: () => "" });
  /** @type {GivenAnswer | null} */
  let given = null;
  /** @type {ScoredAnswer[]} */
  let scored = [];
  const pause = afterPause(ask);

  /** @param {ReferenceMessage} message */
  function receive({ given: told, signatures, scored: one }) {
    if (told) {
      given = told;
      find(element, ".reference-given").textContent = givenSentence(told);
      find(element, ".reference-note").textContent = [
        ...Object.entries(signatures ?? {}).map(([metric, signature]) => `${metric} ${signature}`),
        proof(),
      ].join(" · ");
    }
    if (one) {
      scored.push(one);
      body.append(row(one));
      find(element, ".reference-table").hidden = false;
    }
    say();
  }

  function say() {
    if (state.completion_part !== "reference") return;
    const [first] = scored;
    if (!first || !given) return headline(element);
    const values = { how: named(first.how), bleu: decimals(first.bleu, 1), chrf: decimals(first.chrf, 1) };
    const rate = decimals(given.bits_per_byte, 2);
    const sentence = _("{how}: BLEU {bleu}, chrF {chrf}; the reference costs {rate} bits per byte.", {
      ...values,
      rate,
    });
    headline(element, sentence.charAt(0).toUpperCase() + sentence.slice(1));
  }

  function clear() {
    given = null;
    scored = [];
    body.replaceChildren();
    find(element, ".reference-table").hidden = true;
    find(element, ".reference-given").textContent = "";
    find(element, ".reference-note").textContent = proof();
  }

  function ask() {
    clear();
    say();
    if (!state.main || !state.reference_text.trim()) return;
    const asked = { ...samplingOf(state), max_new_tokens: state.length, reference: state.reference_text };
    tools.start({ run: "main", ...asked, beams: state.reference_beam ? state.beams : 0 });
  }

  find(element, ".reference-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value === state.reference_text) ask();
    else set({ reference_text: text.value });
  });
  text.addEventListener("change", () => set({ reference_text: text.value }));
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    set({ reference_text: text.value });
  });
  beams.addEventListener("change", () => set({ reference_beam: beams.checked }));
  savable(element, () => (scored.length ? saved(scored, [find(element, ".reference-table")]) : null));
  subscribe(
    element,
    (_state, changed) => {
      if (document.activeElement !== text || changed.includes("reference_text")) text.value = state.reference_text;
      beams.checked = state.reference_beam;
      const isShownAgain = given !== null && changed.every((key) => key === "completion_part" || key === "theme");
      if (isShownAgain) say();
      else pause.ask();
    },
    KEYS,
  );
}

const proof = () =>
  _(
    "A low score does not prove a bad text: a good one may share few words with this reference; one sentence is noisy.",
  );

/** @param {GivenAnswer} given */
const givenSentence = ({ bits: all, bits_per_byte: rate, tokens }) =>
  _("The model gives the reference {bits} over {tokens} tokens: {rate} bits per byte.", {
    ...{ bits: bits(all, 1), tokens, rate: decimals(rate, 2) },
  });

/** @param {ScoredAnswer} one */
const row = ({ how, text, bleu, chrf, exact }) =>
  h(
    "tr",
    null,
    h("th", { scope: "row" }, named(how)),
    h("td", { dir: "auto", class: "said-text" }, text),
    h("td", { class: "number" }, decimals(bleu, 1)),
    h("td", { class: "number" }, decimals(chrf, 1)),
    h("td", { class: "number" }, exact ? _("yes") : _("no")),
  );

/**
 * @param {readonly ScoredAnswer[]} scored
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
function saved(scored, parts) {
  const more = keywords({ max_new_tokens: state.length, beams: state.reference_beam ? state.beams : 0 }, { beams: 0 });
  return {
    name: _("Reference text"),
    parts,
    settings: [[_("Reference"), state.reference_text], rulesInWords()],
    rows: () => scored.map((one) => ({ ...one })),
    imports: ["from models.generation.reference import scores"],
    python: [
      `reference = ${literal(state.reference_text)}`,
      `rows = list(scores(model, trace.text, reference, ${sampling(samplingOf(state))}, target=trace.target, ${more}))`,
    ],
  };
}
