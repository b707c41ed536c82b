// Every token as a row; ids or everything can be copied. A click on a row selects the token, also inside a character.
import { copy, find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { status } from "../../web/status.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {{ stack: "source" | "target", token: TokenRow, position: number }} Row */

const CHUNK = 300;

/**
 * @param {RunFacts} run
 * @returns {Row[]}
 */
function rowsOf(run) {
  /** @type {(stack: "source" | "target") => (token: TokenRow, position: number) => Row} */
  const of = (stack) => (token, position) => ({ stack, token, position });
  return [...run.tokens.map(of("source")), ...run.target_tokens.map(of("target"))];
}

/** @param {Row} row */
function rowNode({ stack, token, position }) {
  const label = stack === "target" ? _("target {position}", { position: String(position) }) : String(position);
  const pick = {
    onclick: () => set({ token: { stack, position } }),
    "aria-label": _("Select token {label}", { label }),
  };
  const span = token.end > token.start ? `${token.start}–${token.end}` : "";
  const values = [tokenName(token), token.id, token.piece, token.bytes, span, token.special ? _("yes") : ""];
  const cells = [h("button", pick, label), ...values].map((value) => h("td", { dir: "auto" }, value));
  return h("tr", { "data-key": `${stack}:${position}` }, cells);
}

/**
 * What is copied: the ids, or everything the page knows of the tokens.
 * @param {RunFacts} run
 * @param {string} what  "ids" or "json"
 */
export function copied({ model, text, target, tokens, target_tokens: targets }, what) {
  const [source, written] = [tokens, targets].map((list) => list.map((token) => token.id));
  if (what === "ids") return JSON.stringify(written.length ? { source, target: written } : source);
  const more = targets.length ? { target, target_tokens: targets } : {};
  return JSON.stringify({ model, text, tokens, ...more }, null, 1);
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const fold = find(element, ".table-fold", HTMLDetailsElement);
  const body = find(element, "tbody");
  const name = props.run ?? "main";
  let drawing = 0;

  /**
   * @param {Row[]} rows
   * @param {number} from
   * @param {number} mine
   */
  function fill(rows, from, mine) {
    if (mine !== drawing) return;
    body.append(...rows.slice(from, from + CHUNK).map(rowNode));
    if (from + CHUNK < rows.length) requestAnimationFrame(() => fill(rows, from + CHUNK, mine));
    else {
      mark();
      element.dataset.drawn = String(runOf(props)?.run);
    }
  }

  function draw() {
    const run = runOf(props);
    if (!run || !fold.open) return;
    body.replaceChildren();
    fill(rowsOf(run), 0, ++drawing);
  }

  function mark() {
    body.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const key = state.token && `${state.token.stack}:${state.token.position}`;
    if (key) body.querySelector(`[data-key="${key}"]`)?.setAttribute("aria-current", "true");
  }

  for (const button of element.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const run = runOf(props);
      if (!run) return;
      const done = await copy(copied(run, button.getAttribute("data-copy") ?? ""));
      status(element, done ? _("Copied.") : _("The browser did not allow copying."), "note");
    });
  }
  fold.addEventListener("toggle", draw);
  subscribe(element, (_state, changed) => (changed.includes(name) || !element.dataset.drawn ? draw() : mark()), [
    name,
    "token",
  ]);
}
