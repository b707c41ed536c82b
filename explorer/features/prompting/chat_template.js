// What an instruction model reads when a person types: the chat template written out as tokens.
import { find } from "../../web/dom.js";
import { _, _n } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { literal } from "../../web/saving/python.js";
import { latest } from "../../web/server.js";
import { stepNode } from "../../web/steps.js";
import { runOf, set, state, subscribe } from "../../web/store.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/** @param {TokenRow} token */
function tokenNode(token) {
  const shown = { text: token.special || token.text === "" ? token.piece : token.text, special: token.special };
  const title = _("id {id}", { id: String(token.id) });
  return stepNode(shown, { dir: "auto", title, "data-unjudged": token.special, "data-plain": !token.special });
}

/** @param {readonly TokenRow[]} tokens */
function countSentence({ length }) {
  return _n(
    "{count} token; dashed ones come from the template and steer the model.",
    "{count} tokens; dashed ones come from the template and steer the model.",
    length,
  );
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const [system, user] = ["system", "user"].map((name) => find(element, `.chat-${name}`, HTMLInputElement));
  const ask = latest(element);
  /** @type {readonly TokenRow[]} */
  let drawn = [];

  /** @param {readonly TokenRow[]} tokens */
  function draw(tokens) {
    drawn = tokens;
    find(element, ".chat-count").textContent = tokens.length ? countSentence(tokens) : "";
    find(element, ".chat-tokens").replaceChildren(...tokens.map(tokenNode));
    element.dataset.tokens = String(tokens.length);
  }

  find(element, ".chat-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    draw([]);
    const run = runOf(props);
    if (!run) return;
    const asked = { model: run.model, system: state.chat_system, user: state.chat_user };
    draw((await ask("chat_template", asked)).tokens);
  });
  savable(element, () => {
    if (!drawn.length) return null;
    const said = [user.value, system.value].map(literal).join(", ");
    return {
      name: _("Chat template"),
      parts: [find(element, ".chat-tokens")],
      isOfRun: false,
      settings: [
        [_("System"), system.value],
        [_("Person"), user.value],
      ],
      rows: () => drawn.map(({ id, text, special }, position) => ({ position, id, text, special })),
      imports: ["from models.text.chat_template import chat_text, chat_tokens"],
      python: [
        `text = chat_text(model.tokenizer, model.name, ${said})`,
        "rows = chat_tokens(model.tokenizer, text, model.token_decoder)",
      ],
    };
  });
  system.addEventListener("input", () => set({ chat_system: system.value }));
  user.addEventListener("input", () => set({ chat_user: user.value }));
  subscribe(
    element,
    (_state, changed) => {
      if (system.value !== state.chat_system) system.value = state.chat_system;
      if (user.value !== state.chat_user) user.value = state.chat_user;
      if (changed.includes("main")) draw([]);
    },
    ["main", "chat_system", "chat_user"],
  );
}
