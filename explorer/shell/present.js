// Presenting: the picture and its headline fill the screen; keys step through layers, heads, tokens and saved views.
import { h } from "../web/dom.js";
import { _ } from "../web/language.js";
import { runOf, set, state } from "../web/store.js";
import { nextView } from "./saved_views.js";

export const isPresenting = () => document.body.classList.contains("present");

/** @param {boolean} on */
export function present(on) {
  if (on === isPresenting()) return;
  document.body.classList.toggle("present", on);
  document.body.classList.remove("blank");
  if (on) document.body.append(h("button", { class: "leave-presenting", onclick: () => present(false) }, _("End")));
  else document.querySelector(".leave-presenting")?.remove();
  for (const button of document.querySelectorAll("[data-action=present]"))
    button.setAttribute("aria-pressed", String(on));
  // The page's own title is away meanwhile.
  if (on) document.querySelector("#tabs")?.prepend(h("h1", { class: "presenting-title" }, document.title));
  else document.querySelector(".presenting-title")?.remove();
  window.dispatchEvent(new Event("resize")); // Plotly measures its place anew
}

/** Steps the chosen head through its layer, or the layer, around its end. */
function step(/** @type {"layer" | "head"} */ key, /** @type {number} */ by) {
  const shape = runOf({})?.attention_kinds.find(({ kind }) => kind === state.kind);
  const count = shape?.[key === "layer" ? "layers" : "heads"];
  if (count) set({ [key]: (state[key] + by + count) % count });
}

/** Steps the chosen token. */
function stepToken(/** @type {number} */ by) {
  const run = runOf({});
  if (!run) return;
  const stack = state.token?.stack ?? (run.kind === "encoder-decoder" ? "target" : "source");
  const count = (stack === "target" ? run.target_tokens : run.tokens).length;
  const position = state.token ? state.token.position + by : by > 0 ? 0 : count - 1;
  if (count) set({ token: { stack, position: (position + count) % count } });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowRight: () => step("head", 1),
  ArrowLeft: () => step("head", -1),
  ArrowDown: () => step("layer", 1),
  ArrowUp: () => step("layer", -1),
  "]": () => stepToken(1),
  "[": () => stepToken(-1),
  PageDown: () => nextView(1),
  PageUp: () => nextView(-1),
  b: () => document.body.classList.toggle("blank"),
  ".": () => document.body.classList.toggle("blank"),
  Escape: () => present(false),
};

/**
 * What a key does while presenting; whether it did anything.
 * @param {string} key
 */
export function presentingKey(key) {
  const act = isPresenting() ? KEYS[key] : undefined;
  act?.();
  return act !== undefined;
}
