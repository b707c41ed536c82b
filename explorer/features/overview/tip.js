// A few words beside what is pointed at: its name, and for a head what would be said without it.
import { h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { withoutHead, withoutSentence } from "../../web/without_head.js";

/** @typedef {import("./hits.js").Hit} Hit */

const PATIENCE_MS = 250; // how long a head is pointed at before the model runs for it
const GAP = 10;

/**
 * @param {HTMLElement} tip  an element in the picture
 */
export function createTip(tip) {
  let timer = 0;
  /** @type {Hit | null} */
  let shown = null;

  /**
   * @param {Hit} hit
   * @param {number | null} position
   */
  async function tellWithout(hit, position) {
    if (!hit.head) return;
    const sentence = withoutSentence(await withoutHead(hit.head, position));
    if (shown !== hit || !sentence) return;
    const line = document.createElement("small");
    line.textContent = sentence;
    tip.append(line);
    put(hit);
  }

  /** @param {Hit} hit */
  function put({ box }) {
    const room = tip.parentElement?.clientWidth ?? 0;
    const middle = box.x + box.width / 2;
    const half = tip.offsetWidth / 2;
    const below = box.y - tip.offsetHeight - GAP < 0;
    tip.style.left = `${Math.max(half, Math.min(room - half, middle))}px`;
    tip.style.top = `${below ? box.y + GAP + Math.min(box.height, 56) : box.y - tip.offsetHeight - GAP}px`;
  }

  return {
    /**
     * @param {Hit | null} hit
     * @param {number | null} position  where a head's absence is measured
     */
    show(hit, position) {
      clearTimeout(timer);
      shown = hit;
      tip.hidden = !hit?.head && !hit?.isTold;
      if (!hit || tip.hidden) return;
      tip.textContent = hit.name;
      if (hit.offer) tip.append(h("i", { class: "ov-how" }, _("Right-click to change it")));
      put(hit);
      if (hit.head) timer = window.setTimeout(() => tellWithout(hit, position), PATIENCE_MS);
    },
  };
}
