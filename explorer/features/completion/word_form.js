// How likely one word is: asked for once, and again whenever what it depends on changes.
import { find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { clear } from "../../web/status.js";
import { set, state } from "../../web/store.js";
import { rules } from "./asked.js";
import { wordNote, wordSentence } from "./distribution_words.js";

/** @param {HTMLElement} element  the view around the form */
export function wordForm(element) {
  const form = find(element, ".word");
  const input = find(form, ".word-text", HTMLInputElement);
  const answer = find(form, ".word-answer");
  const ask = latest(form);
  let isAtMask = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    set({ next_word: input.value });
    compute();
  });

  async function compute() {
    answer.textContent = "";
    const wishes = { word: state.next_word, mask: state.next_mask };
    const told = await ask("word_probability", { run: "main", ...rules(), ...wishes });
    answer.textContent = `${wordSentence(told)} ${wordNote(isAtMask)}`.trim();
  }

  return {
    /** @param {boolean} atMask */
    name(atMask) {
      isAtMask = atMask;
      const label = atMask ? _("How likely is this word at the mask?") : _("How likely is this word next?");
      find(form, ".word-label").textContent = label;
    },
    /** Asks again for the word there is. */
    async refresh() {
      if (document.activeElement !== input) input.value = state.next_word;
      clear(form);
      if (state.next_word) await compute();
      else answer.textContent = "";
    },
  };
}
