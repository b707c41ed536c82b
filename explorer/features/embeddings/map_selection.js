// One token: choosing and searching on a map. What is chosen stands in the store.
import { find } from "../../web/dom.js";
import { decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { set, state } from "../../web/store.js";
import { showChosen, showMatches } from "./lists.js";
import { vectorsIn } from "./map_request.js";
import { wordOf } from "./told.js";

/** @typedef {import("./scatter.js").Scatter} Scatter */

const TYPING_MS = 150;
/**
 * @param {Scatter} scatter
 * @param {() => void} onChosen  called when another token has been chosen
 */
export function createChoice({ element, map, points, names, voices }, onChosen) {
  const ask = latest(element);
  const section = find(element, ".map-chosen");
  let chosen = -1;

  /** Nothing is chosen any more. */
  function clear() {
    chosen = -1;
    set({ map_chosen: -1 });
    map.select(-1);
    section.hidden = true;
    delete element.dataset.chosen;
    voices.say("chosen", "");
  }

  /**
   * @param {number} row
   * @param {{ fly?: boolean }} [how]  fly: the map moves to it
   */
  async function choose(row, { fly = false } = {}) {
    chosen = row;
    set({ map_chosen: row });
    map.select(points.pointOf(row));
    if (fly && points.pointOf(row) >= 0) map.zoomTo(points.pointOf(row));
    const answer = await ask("nearest_vectors", { ...vectorsIn(state), row, count: 10 });
    if (chosen !== row) return;
    names.keep([answer, ...answer.neighbours]);
    const index = points.pointOf(row);
    const ends = answer.neighbours.map((one) => points.pointOf(one.row)).filter((end) => end >= 0);
    map.select(index, index < 0 ? [] : ends.map((end) => [index, end]));
    showChosen(section, answer, index >= 0);
    element.dataset.chosen = String(row);
    tellNearest(answer);
    onChosen();
  }

  /** @param {import("../../web/calls.d.ts").NearestAnswer} answer */
  function tellNearest({ text, neighbours: [nearest] }) {
    if (!nearest) return;
    const values = { word: wordOf(text), other: wordOf(nearest.text), cosine: decimals(nearest.cosine ?? 0, 2) };
    voices.say("chosen", _("The nearest to “{word}” is “{other}”: cosine {cosine}", values));
  }

  return { choose, clear, row: () => chosen };
}

/** @param {Scatter} scatter */
export function createSearch({ element, names }) {
  const ask = latest(element);
  const section = find(element, ".map-matches");
  const box = find(element, ".map-search input", HTMLInputElement);
  let asked = "";

  return {
    asked: () => asked,
    /**
     * Lists what matches; gives the best match.
     * @param {string} query
     */
    async search(query) {
      asked = query;
      set({ map_query: query });
      if (box.value !== query) box.value = query;
      if (!query) {
        section.hidden = true;
        return null;
      }
      const answer = await ask("find_vectors", { ...vectorsIn(state), query });
      if (asked !== query) return null;
      names.keep(answer.matches);
      showMatches(section, answer);
      element.dataset.matches = String(answer.count);
      return answer.matches.at(0)?.row ?? null;
    },
  };
}

/**
 * Matches are listed while one types; Enter takes the best.
 * @param {HTMLElement} element
 * @param {ReturnType<typeof createSearch>} finder
 * @param {(row: number) => void} choose
 */
export function listenToSearch(element, finder, choose) {
  const box = find(element, ".map-search input", HTMLInputElement);
  let typing = 0;
  box.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(() => finder.search(box.value), TYPING_MS);
  });
  find(element, ".map-search").addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(typing);
    const best = await finder.search(box.value);
    if (best !== null) choose(best);
  });
}
