// One token, or many: choosing, searching and listing on a map. What is chosen stands in the store.
import { find } from "../../web/dom.js";
import { latest } from "../../web/server.js";
import { same, set, state } from "../../web/store.js";
import { showChosen, showGroup, showMatches } from "./lists.js";
import { MAX_LINKED_ROWS, vectorsIn } from "./map_request.js";

/** @typedef {import("./scatter.js").Scatter} Scatter */
/** @typedef {import("./map_request.js").Group} Group */

const MAX_LISTED = 500;
/** @type {Group} */
const NO_GROUP = { where: "lasso", rows: [] };

/**
 * @param {Scatter} scatter
 * @param {() => void} onChosen  called when another token has been chosen
 */
export function createChoice({ element, map, points, names }, onChosen) {
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
    onChosen();
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

/** @param {Scatter} scatter */
export function createGroup({ element, map, points, names }) {
  const section = find(element, ".map-group");
  /** @type {Group} */
  let current = NO_GROUP;

  const linked = () => (current.rows.length <= MAX_LINKED_ROWS ? current : NO_GROUP);

  /** Nothing is grouped any more. */
  function clear() {
    current = NO_GROUP;
    set({ map_group: NO_GROUP });
    map.setGroup([]);
    section.hidden = true;
  }

  /**
   * Lists rows; few of them are ringed, and few enough are kept in links.
   * @param {Group} group
   */
  async function list(group) {
    current = group;
    set({ map_group: linked() });
    const { where, rows } = group;
    const listed = rows.slice(0, MAX_LISTED);
    const ringed = rows.length <= MAX_LISTED ? rows.map(points.pointOf) : [];
    map.setGroup(ringed.filter((point) => point >= 0));
    await names.fetch(listed);
    if (current !== group) return;
    showGroup(section, { where, rows: listed, all: rows.length }, (row) => names.label(row) ?? "");
    element.dataset.group = String(rows.length);
  }

  /**
   * The group there is, or else that of the link, on a map that is drawn anew.
   * @param {Group} wanted
   * @param {number} total  how many rows there are
   */
  function again(wanted, total) {
    const kept = same(linked(), wanted) ? current : wanted;
    const rows = kept.rows.filter((row) => row < total);
    if (rows.length) list({ ...kept, rows });
  }

  return { clear, list, again, linked };
}
