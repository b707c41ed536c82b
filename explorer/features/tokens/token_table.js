// Every token as a row. A click on a row selects the token, also inside a character.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { set, state, subscribe } from "../../web/store.js";
import { tokenName } from "../../web/tokens.js";
import { follow } from "./cut.js";
import { saved } from "./saved.js";

/** @typedef {import("./cut.js").Cut} Cut */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {{ stack: "source" | "target", token: TokenRow, position: number }} Row */

const CHUNK = 300;

/**
 * @param {Cut} cut
 * @returns {Row[]}
 */
function rowsOf(cut) {
  /** @type {(stack: "source" | "target") => (token: TokenRow, position: number) => Row} */
  const of = (stack) => (token, position) => ({ stack, token, position });
  return [...cut.tokens.map(of("source")), ...cut.target_tokens.map(of("target"))];
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

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const body = find(element, "tbody");
  let drawing = 0;
  /** @type {Cut | null} */
  let drawn = null;

  /**
   * @param {Row[]} rows
   * @param {number} from
   * @param {number} mine
   */
  function fill(rows, from, mine) {
    if (mine !== drawing) return;
    body.append(...rows.slice(from, from + CHUNK).map(rowNode));
    if (from + CHUNK < rows.length) requestAnimationFrame(() => fill(rows, from + CHUNK, mine));
    else mark();
  }

  /** @param {Cut} cut */
  function draw(cut) {
    drawn = cut;
    body.replaceChildren();
    fill(rowsOf(cut), 0, ++drawing);
    element.dataset.drawn = String(state.main?.run);
  }

  function mark() {
    body.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const key = state.token && `${state.token.stack}:${state.token.position}`;
    if (key) body.querySelector(`[data-key="${key}"]`)?.setAttribute("aria-current", "true");
  }

  savable(element, () => drawn && saved(drawn, { name: _("Table of tokens"), parts: [find(element, "table")] }));
  follow(element, { props, tell: draw });
  subscribe(element, mark, ["token"]);
}
