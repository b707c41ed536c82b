// A shelf of interesting heads: each a card with its pattern in small, one sentence, and what would be without it.
import { bytes } from "./base64.js";
import { paintCells } from "./cells.js";
import { closest, h } from "./dom.js";
import { percent } from "./format.js";
import { _, number } from "./language.js";
import { nextIndex } from "./roving.js";
import { withoutHead, withoutSentence } from "./without_head.js";

/** @typedef {import("./calls.d.ts").ShelfCard} ShelfCard */
/**
 * @typedef {object} Options
 * @property {(card: ShelfCard) => void} onChoose
 * @property {(card: ShelfCard | null) => void} [onPoint]  pointed at or focused; null when no longer
 */

const PATIENCE_MS = 200; // how long a card is pointed at before the model runs for it

/**
 * A head's name: layer·head, behind the kind of attention where a model has several.
 * @param {{ kind: string, layer: number, head: number }} head
 */
export function headTitle({ kind, layer, head }) {
  /** @type {Record<string, string>} */
  const kinds = { encoder: _("encoder"), decoder: _("decoder"), cross: _("cross") };
  const place = `${layer}·${head}`;
  return kinds[kind] ? `${kinds[kind]} ${place}` : place;
}

/**
 * The same in a sentence.
 * @param {import("./without_head.js").Head} head
 */
export function headInWords({ kind, layer, head }) {
  const name = `${layer}·${head}`;
  if (kind === "encoder") return _("encoder head {name}", { name });
  if (kind === "decoder") return _("decoder head {name}", { name });
  return kind === "cross" ? _("cross-attention head {name}", { name }) : _("head {name}", { name });
}

/** @param {ShelfCard} card */
export function cardTitle({ key }) {
  const titles = {
    copies: _("copies"),
    previous: _("one back"),
    first: _("parks"),
    focused: _("focused"),
    unlike: _("odd one out"),
  };
  return titles[key];
}

/** @param {ShelfCard} card */
export function cardSentence({ key, value, on_repeats: onRepeats }) {
  const values = { share: percent(value), count: number(value, 1) };
  if (onRepeats) return _("{share} on what followed the same word, on random repeats", values);
  const sentences = {
    copies: _("{share} on what followed the same word", values),
    previous: _("{share} on the token before", values),
    first: _("{share} on the first token", values),
    focused: _("as if choosing among {count} tokens", values),
    unlike: _("{share} unlike the rest of its layer", values),
  };
  return sentences[key];
}

/**
 * @param {HTMLElement} element  becomes the shelf
 * @param {Options} options
 */
export function createShelf(element, { onChoose, onPoint = () => {} }) {
  /** @type {ShelfCard[]} */
  let shown = [];
  /** @type {number | null} */
  let position = null;
  let timer = 0;
  element.classList.add("shelf");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", _("Interesting heads"));

  const buttons = () => /** @type {HTMLButtonElement[]} */ ([...element.querySelectorAll(".shelf-card")]);
  const indexOf = (/** @type {Event} */ event) => {
    const card = closest(event, ".shelf-card");
    return card ? buttons().indexOf(/** @type {HTMLButtonElement} */ (card)) : -1;
  };

  /** @param {number} index */
  async function tellWithout(index) {
    const card = buttons()[index];
    const answer = await withoutHead(shown[index], position);
    const place = card?.querySelector(".shelf-without");
    if (!place) return;
    place.textContent = withoutSentence(answer, true);
    card.title = withoutSentence(answer);
  }

  /** @param {Event} event */
  function point(event) {
    const index = indexOf(event);
    onPoint(shown[index] ?? null);
    clearTimeout(timer);
    if (index >= 0) timer = window.setTimeout(() => tellWithout(index), PATIENCE_MS);
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const all = buttons();
    const rtl = getComputedStyle(element).direction === "rtl";
    const to = nextIndex({ key: event.key, index: indexOf(event), count: all.length, orientation: "row", rtl });
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    for (const [index, button] of all.entries()) button.tabIndex = index === to ? 0 : -1;
    all[to].focus();
  }

  element.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index >= 0) onChoose(shown[index]);
  });
  element.addEventListener("pointerover", point);
  element.addEventListener("focusin", point);
  element.addEventListener("pointerleave", () => onPoint(null));
  element.addEventListener("focusout", () => onPoint(null));
  element.addEventListener("keydown", move);

  return {
    /**
     * Shows these cards; what would be without a head is measured at `at`, null is where the text goes on.
     * @param {ShelfCard[]} cards
     * @param {{ at?: number | null, all?: boolean }} [options]  all: measure every card now, not when it is pointed at
     */
    show(cards, { at = null, all = false } = {}) {
      [shown, position] = [cards, at];
      element.replaceChildren(...cards.map(cardNode));
      if (all) for (const index of cards.keys()) tellWithout(index);
    },
    /**
     * Marks the card of the head that is chosen.
     * @param {{ kind: string, layer: number, head: number }} chosen
     */
    mark({ kind, layer, head }) {
      for (const [index, button] of buttons().entries()) {
        const card = shown[index];
        const same = card.layer === layer && card.head === head && card.kind === kind;
        if (same) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
    },
    /** Paints the patterns again, in the colours of the theme in use. */
    repaint() {
      for (const [index, canvas] of element.querySelectorAll("canvas").entries()) {
        paintCells(canvas, bytes(shown[index].cells), shown[index]);
      }
    },
  };
}

/**
 * @param {ShelfCard} card
 * @param {number} index
 */
function cardNode(card, index) {
  const canvas = h("canvas", { "aria-hidden": true });
  paintCells(canvas, bytes(card.cells), card);
  const title = h("span", { class: "shelf-title" }, h("b", null, headTitle(card)), " ", cardTitle(card));
  const sentence = h("span", { class: "shelf-sentence" }, cardSentence(card));
  const text = h("span", { class: "shelf-text" }, title, sentence, h("span", { class: "shelf-without" }));
  return h("button", { class: "shelf-card", tabindex: index ? -1 : 0 }, canvas, text);
}
