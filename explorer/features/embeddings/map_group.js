// Many tokens at once: what a lasso surrounds, or what is in view, listed with the most typical first.
import { find } from "../../web/dom.js";
import { _n } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { same, set, state } from "../../web/store.js";
import { showGroup } from "./lists.js";
import { MAX_LINKED_ROWS, vectorsIn } from "./map_request.js";
import { packed } from "./packed_rows.js";
import { wordOf } from "./told.js";

/** @typedef {import("./map_request.js").Group} Group */
/** @typedef {import("./scatter.js").Scatter} Scatter */

const MAX_RINGED = 500;
/** @type {Group} */
const NO_GROUP = { where: "lasso", rows: [] };

/**
 * A group as a link holds it: by name while its rows are few, by its shape as long as the map is the same, else packed.
 * @param {Group} group
 * @returns {Group}
 */
export function linkedGroup({ where, rows, shape }) {
  if (rows.length <= MAX_LINKED_ROWS) return { where, rows };
  return shape ? { where, rows: [], shape } : { where, rows: [], packed: packed(rows) };
}

/** @param {Scatter} scatter */
export function createGroup({ element, map, points, names, voices }) {
  const ask = latest(element);
  const section = find(element, ".map-group");
  let current = NO_GROUP;

  /** Nothing is grouped any more. */
  function clear() {
    current = NO_GROUP;
    set({ map_group: NO_GROUP });
    map.setGroup([]);
    section.hidden = true;
    delete element.dataset.group;
    voices.say("group", "");
  }

  /**
   * Lists rows, the nearest to their middle first; few of them are ringed.
   * @param {Group} group
   */
  async function list(group) {
    if (!group.rows.length) return clear();
    current = group;
    set({ map_group: linkedGroup(group) });
    const { where, rows } = group;
    const ringed = rows.length <= MAX_RINGED ? rows.map(points.pointOf) : [];
    map.setGroup(ringed.filter((point) => point >= 0));
    const { members, count } = await ask("vector_group", { ...vectorsIn(state), rows });
    if (current !== group) return;
    names.keep(members);
    showGroup(section, { where, members, count });
    tellGroup(where, members[0].text, count);
    element.dataset.group = String(count);
  }

  /**
   * @param {Group["where"]} where
   * @param {string} text  of the most typical
   * @param {number} count
   */
  function tellGroup(where, text, count) {
    const word = wordOf(text);
    voices.say(
      "group",
      where === "lasso"
        ? _n(
            "{count} token in the lasso: “{word}”",
            "{count} tokens in the lasso; the most typical is “{word}”",
            count,
            { word },
          )
        : _n("{count} token in view: “{word}”", "{count} tokens in view; the most typical is “{word}”", count, {
            word,
          }),
    );
  }

  /**
   * The group there is, or else that of the link, on a map that is drawn anew.
   * @param {Group} wanted
   * @param {number} total  how many rows there are
   */
  function again(wanted, total) {
    const { where, rows, shape } = same(linkedGroup(current), wanted) ? current : wanted;
    if (!rows.length && shape) return list({ where, rows: map.within(shape).map(points.rowOf), shape });
    const there = rows.filter((row) => row < total);
    if (there.length) list({ where, rows: there, shape: wanted.shape });
  }

  /** Other points are drawn: what was surrounded on the map before has no shape on this one. */
  function forgetShape() {
    current = { where: current.where, rows: current.rows };
    set({ map_group: linkedGroup(current) });
  }

  return { clear, list, again, forgetShape, linked: () => linkedGroup(current), rows: () => current.rows };
}
