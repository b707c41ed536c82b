// What each part of the tab says in the headline, which they share: that of the part on the screen is shown.
import { headline } from "../../web/headline.js";
import { subscribe } from "../../web/store.js";
import { entryName, tokenLabel } from "../../web/tokens.js";

/**
 * Gives how this part says its sentence; it is shown now, or when the part is.
 * @param {HTMLElement} element
 * @returns {(sentence: string) => void}
 */
export function createTold(element) {
  let told = "";
  const show = () => {
    if (told && element.getClientRects().length) headline(element, told);
  };
  subscribe(element, show, ["embeddings_view", "tab"]);
  return (sentence) => {
    told = sentence;
    show();
  };
}

/**
 * A token as a word in a sentence: without the space before it.
 * @param {string} text
 */
export const wordOf = (text) => (text.trim() ? tokenLabel(text.trim()) : entryName(text));
