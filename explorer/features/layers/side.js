// What is said of one cell: the whole list there, and the way of words through all depths.

import { changeMenu } from "../../web/change_menu.js";
import { find } from "../../web/dom.js";
import { guessList } from "../../web/guesses.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { set, state } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";
import { patchForm, steering } from "./patching.js";
import { waysKey, waysPicture } from "./ways.js";

/** @typedef {import("../../web/calls.d.ts").CellAnswer} CellAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("./grid.js").Place} Place */

const MOST_WORDS = 6;

/**
 * @param {HTMLElement} element  the view
 * @param {(depth: number) => void} chooseDepth
 */
export function createSide(element, chooseDepth) {
  const side = find(element, ".layers-side");
  const [here, list, title, picture, words, refused] = [
    ...[".layers-here", ".layers-list", ".layers-ways-title", ".layers-ways", ".layers-words", ".layers-refused"],
  ].map((name) => find(side, name));
  const input = find(side, ".layers-word", HTMLInputElement);
  const ask = latest(side);
  /** @type {{ answer: CellAnswer, place: Place } | null} */
  let told = null;

  find(side, ".layers-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const word = input.value.trim();
    input.value = "";
    if (word) set({ lens_words: [...followed().filter((one) => one !== word), word].slice(-MOST_WORDS) });
  });

  /** @param {string} word */
  const remove = (word) => set({ lens_words: followed().filter((one) => one !== word) });

  function drawWays() {
    if (!told || !picture.clientWidth) return;
    const { answer, place } = told;
    const size = { width: picture.clientWidth, height: picture.clientHeight };
    picture.replaceChildren(waysPicture(answer.ways, { ...size, depth: place.depth, choose: chooseDepth }));
  }

  /**
   * @param {import("../../web/calls.d.ts").ListedAnswer} best
   * @param {Place} place
   */
  function menuAt(best, place) {
    const run = state.main;
    return changeMenu(steering(best, place.depth), run ? [patchForm(place, run)] : []);
  }

  new ResizeObserver(drawWays).observe(picture);

  return {
    hide() {
      side.hidden = true;
      told = null;
    },
    /**
     * @param {Place} place
     * @param {TokenRow} token
     * @param {string} lens
     */
    async show(place, token, lens) {
      side.hidden = false;
      here.textContent = _("Depth {depth}, at “{token}”", { depth: place.depth, token: wordName(token) });
      const answer = await ask("layers_cell", {
        ...{ run: "main", lens: /** @type {typeof state.lens} */ (lens), depth: place.depth, position: place.position },
        ...{ words: followed(), only_words: state.lens_only_words },
      });
      told = { answer, place };
      const [best] = answer.candidates;
      list.replaceChildren(...(best && lens !== "decoder" ? [menuAt(best, place)] : []), guessList(answer.candidates));
      title.textContent = _("Rank by depth");
      words.replaceChildren(...waysKey(answer.ways, place.depth, remove));
      refused.textContent = answer.refused.join(" ");
      drawWays();
    },
  };
}

/** The words a visitor follows; a link may hold anything. */
function followed() {
  const words = Array.isArray(state.lens_words) ? state.lens_words : [];
  return words.filter((word) => typeof word === "string" && word.length > 0 && word.length <= 200).slice(0, MOST_WORDS);
}
