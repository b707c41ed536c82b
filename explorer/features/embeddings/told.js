// What each part of the tab says in the headline, which they share: that of the part on the screen is shown.
import { headline } from "../../web/headline.js";
import { state, subscribe } from "../../web/store.js";
import { entryName } from "../../web/tokens.js";

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

/** @typedef {"map" | "chosen" | "group" | "sum"} Topic  what a sentence above the map is about */
const TOPICS = /** @type {const} */ (["sum", "group", "chosen", "map"]);

/**
 * The headline of a map, of which several parts speak: what was asked for last is told, whichever answer comes
 * last, and so a link's guest reads what its giver read.
 * @param {HTMLElement} element
 */
export function createVoices(element) {
  const tell = createTold(element);
  /** @type {Partial<Record<Topic, string>>} */
  const told = {};
  const show = () => {
    const asked = TOPICS.find((topic) => topic === state.map_told);
    tell((asked && told[asked]) || TOPICS.map((topic) => told[topic]).find(Boolean) || "");
  };
  subscribe(element, show, ["map_told"]);
  return {
    /**
     * @param {Topic} topic
     * @param {string} sentence  empty: there is nothing to say of it any more
     */
    say(topic, sentence) {
      told[topic] = sentence;
      show();
    },
  };
}

/**
 * A token as a word in a sentence: without the space before it.
 * @param {string} text
 */
export const wordOf = (text) => entryName(text.trim() || text);
