// Words of the dictionary are underlined in the page's own sentences; pointing at one shows what it means. The page's
// text is not touched: the browser paints the lines over it.
import { h } from "../web/dom.js";
import { dictionary } from "./dictionary.js";

const OWN = [
  ".headline",
  ".question h2",
  ".fold.note > div",
  "[data-testid='block-info']",
  ".drawer label > span",
  ".view th",
  ".view dt",
  ".view legend",
  ".view figcaption",
  ".view label",
  ".view .caption",
  "dialog.keys dd",
].join(",");
const THEIRS = "[dir=auto], .said, .looked, input, textarea, select, option, bdi, #prompt, dt";
const NAME = "explorer-terms";

/** @type {Map<string, string>} */
const meanings = new Map(
  dictionary().flatMap(({ word, also = [], means }) => [word, ...also].map((one) => [one.toLowerCase(), means])),
);
const longestFirst = [...meanings.keys()].sort((one, other) => other.length - one.length);
const WORDS = new RegExp(`(?<![\\p{L}\\p{N}-])(${longestFirst.map(escaped).join("|")})(?![\\p{L}\\p{N}-])`, "giu");

/** @type {{ range: Range, means: string }[]} */
let marked = [];

/** @param {string} word */
function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * Where a text uses a word of the dictionary, the longest word at each place.
 * @param {string} text
 */
export function termsIn(text) {
  return [...text.matchAll(WORDS)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    means: meanings.get(found[0].toLowerCase()) ?? "",
  }));
}

/** @param {Element} root */
function* textsOf(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement?.closest(THEIRS)) yield/** @type {Text} */ (node);
  }
}

/** Finds the words anew in what is on the screen, the first of each in every sentence. */
function mark() {
  marked = [];
  for (const root of document.querySelectorAll(OWN)) {
    if (!root.getClientRects().length) continue;
    const known = new Set();
    for (const text of textsOf(root)) {
      for (const { start, end, means } of termsIn(text.data)) {
        if (known.has(means)) continue;
        known.add(means);
        const range = document.createRange();
        range.setStart(text, start);
        range.setEnd(text, end);
        marked.push({ range, means });
      }
    }
  }
  CSS.highlights.set(NAME, new Highlight(...marked.map(({ range }) => range)));
}

/** @param {{ clientX: number, clientY: number }} point */
function at({ clientX: x, clientY: y }) {
  for (const { range, means } of marked) {
    const box = [...range.getClientRects()].find(
      (one) => x >= one.left && x <= one.right && y >= one.top && y <= one.bottom,
    );
    if (box) return { box, means };
  }
  return null;
}

/** @param {HTMLElement} tip */
function follows(tip) {
  let timer = 0;

  /** @param {PointerEvent} event */
  return (event) => {
    clearTimeout(timer);
    const inside = event.target instanceof Element && event.target.closest(OWN);
    const found = inside ? at(event) : null;
    if (!found) {
      tip.hidden = true;
      return;
    }
    timer = window.setTimeout(() => {
      tip.textContent = found.means;
      tip.hidden = false;
      const left = Math.min(found.box.left, innerWidth - tip.offsetWidth - 8);
      const below = found.box.bottom + 6;
      const fits = below + tip.offsetHeight < innerHeight;
      tip.style.left = `${Math.max(8, left)}px`;
      tip.style.top = `${fits ? below : found.box.top - tip.offsetHeight - 6}px`;
    }, 150);
  };
}

/** Watches the whole page; a browser that cannot paint over text shows the list behind "?" only. */
export function watchTerms() {
  if (!("highlights" in CSS)) return;
  const tip = h("p", { class: "term-tip", role: "tooltip", hidden: true });
  document.body.append(tip);
  const show = follows(tip);
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("keydown", () => {
    tip.hidden = true;
  });
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => requestIdleCallback(mark), 400);
  };
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => target !== tip)) later();
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", later); // what was folded may be open now
  later();
}
