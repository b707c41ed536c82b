// Which logit is asked about: likely tokens as buttons, a box for any other, and one for a token to compare it with.
import { closest, h } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { set, state } from "../../web/store.js";
import { wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").CandidateChoice} CandidateChoice */
/** @typedef {import("../../web/calls.d.ts").TokenName} TokenName */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {{ candidates: CandidateChoice[], token: TokenName, against: TokenName | null, position: number }} Asked */

const CHIPS = 4;
let made = 0;

/**
 * The position that is asked about: the token chosen on the page, if it is one that something is predicted from.
 * @param {RunFacts} facts
 */
export function positionOf({ kind }) {
  const stack = kind === "encoder-decoder" ? "target" : "source";
  return state.token?.stack === stack ? state.token.position : null;
}

/** @param {HTMLElement} place  becomes the question */
export function createQuestion(place) {
  const list = `why-likely-${++made}`;
  const likely = h("datalist", { id: list });
  const chips = h("span", { class: "why-chips", role: "group", "aria-label": _("Likely tokens") });
  const [token, against] = [box(_("another token"), "why_token", list), box(_("another token"), "why_against", list)];
  token.setAttribute("aria-label", _("Why this token: any token of the vocabulary"));
  against.setAttribute("aria-label", _("Rather than this token"));
  const after = h("span", { class: "why-after" });
  place.replaceChildren(
    h("span", { class: "why-word" }, _("Why")),
    chips,
    token,
    h("label", { class: "why-rather" }, _("rather than"), against),
    after,
    likely,
  );
  chips.addEventListener("click", (event) => {
    const chosen = closest(event, "[data-typed]")?.dataset.typed;
    if (chosen !== undefined) set({ why_token: chosen });
  });

  return {
    /**
     * Shows what is asked.
     * @param {Asked} asked
     * @param {RunFacts} facts
     */
    show({ candidates, token: chosen, against: other, position }, facts) {
      const buttons = candidates.slice(0, CHIPS).map((one, rank) => chip(one, rank, one.id === chosen.id));
      chips.replaceChildren(...buttons);
      const isListed = candidates.slice(0, CHIPS).some(({ id }) => id === chosen.id);
      write(token, isListed ? "" : wordOf(chosen));
      write(against, other ? wordOf(other) : "");
      likely.replaceChildren(...candidates.map((one) => h("option", { value: nameOf(one) })));
      after.textContent = placeName(facts, position);
    },
  };
}

/**
 * @param {CandidateChoice} one
 * @param {number} rank
 * @param {boolean} isChosen
 */
function chip(one, rank, isChosen) {
  const share = h("small", null, percent(one.probability));
  const props = { class: "chip", "aria-pressed": isChosen, "data-typed": rank ? one.typed : "" };
  return h("button", props, h("span", { dir: "auto" }, wordOf(one)), " ", share);
}

/**
 * What is written into a box for a likely token: its word where the server would read that as this token.
 * @param {CandidateChoice} one
 */
const nameOf = (one) => (one.typed.startsWith("#") && one.typed !== one.text ? one.typed : wordOf(one));

/**
 * A box whose word goes into the store when it is sent.
 * @param {string} placeholder
 * @param {"why_token" | "why_against"} key
 * @param {string} list
 */
function box(placeholder, key, list) {
  const input = h("input", { type: "text", class: "why-box", placeholder, list, autocomplete: "off", maxlength: 60 });
  input.addEventListener("change", () => set({ [key]: input.value.trim() }));
  return input;
}

/**
 * @param {HTMLInputElement} input
 * @param {string} word
 */
function write(input, word) {
  if (document.activeElement !== input) input.value = word;
}

/**
 * Where the token is said.
 * @param {RunFacts} facts
 * @param {number} position
 */
function placeName({ kind, tokens, target_tokens: targets }, position) {
  const read = targets.length ? targets : tokens;
  const word = wordOf({ ...read[position], text: read[position].text || read[position].piece });
  return kind === "encoder" ? _("in the place of “{word}”", { word }) : _("after “{word}”", { word });
}
