// The map of vectors with its search, lists and downloads: what is chosen stands in the store, and so in the link.
import { integers, words } from "../../web/base64.js";
import { closest, find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { wholeView } from "../../web/map/camera.js";
import { createMap } from "../../web/map/map.js";
import { same, set, state, subscribe } from "../../web/store.js";
import { entryName } from "../../web/tokens.js";
import { cameraOf, viewIn } from "./linked_camera.js";
import { showComponents, showMarks } from "./lists.js";
import { createColours } from "./map_colours.js";
import { save } from "./map_files.js";
import { createLoading } from "./map_loading.js";
import { groupIn, isRow, POINT_KEYS, rowsMeaning, VECTOR_KEYS, vectorsIn } from "./map_request.js";
import { createChoice, createGroup, createSearch } from "./map_selection.js";
import { createNames } from "./names.js";
import { createPoints } from "./points.js";
import { followView } from "./subtabs.js";

/** @typedef {import("../../web/calls.d.ts").MapPoints} MapPoints */
/**
 * The parts that all of a map's behaviour shares.
 * @typedef {object} Scatter
 * @property {HTMLElement} element
 * @property {import("../../web/map/map.js").PointMap} map
 * @property {ReturnType<typeof createNames>} names
 * @property {ReturnType<typeof createPoints>} points
 */

const TYPING_MS = 150;
const ZOOM = 1.5;
const KEYS = [...POINT_KEYS, "map_colour", "map_chosen", "map_query", "map_group", "map_camera"];

/**
 * The map and what belongs to it; hands on the map choose and list.
 * @param {HTMLElement} element
 * @param {{ pick: (row: number | null) => void, lasso: (rows: number[]) => void }} hands
 * @returns {Scatter}
 */
function createScatter(element, { pick, lasso }) {
  const points = createPoints();
  const names = createNames(
    () => vectorsIn(state),
    () => map.redraw(true),
  );
  const map = createMap(find(element, ".map-host"), {
    label: _("Map of vectors. Arrow keys move, plus and minus zoom, 0 shows the whole; search beside it finds tokens."),
    name: (index) => names.label(points.rowOf(index)),
    missing: (indexes) => names.fetch(indexes.map(points.rowOf)),
    hover: (index) => index >= 0 && names.fetch([points.rowOf(index)]),
    pick: (index) => pick(index >= 0 ? points.rowOf(index) : null),
    lasso: (indexes) => lasso(indexes.map(points.rowOf)),
    rest: (view) => set({ map_camera: cameraOf(view, wholeView(map.state), map.state.dimensions) }),
  });
  return { element, map, names, points };
}

/**
 * @param {readonly string[]} changed
 * @param {readonly string[]} keys
 */
const touches = (changed, keys) => changed.some((key) => keys.includes(key));

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const scatter = createScatter(element, {
    pick: (row) => (row === null ? choice.clear() : choice.choose(row)),
    lasso: (rows) => group.list({ where: "lasso", rows }),
  });
  const { map, names, points } = scatter;
  const colours = createColours(scatter);
  const choice = createChoice(scatter, () => state.map_colour === "distance" && shade());
  const finder = createSearch(scatter);
  const group = createGroup(scatter);
  const loading = createLoading(element, show);
  /** @type {MapPoints | null} */
  let drawn = null;
  let meaning = ""; // of the rows that are drawn
  /** @type {unknown} */
  let camera = []; // for the next map: that of the link, or none

  function shade() {
    colours.shade(choice.row() >= 0 ? choice.row() : (drawn?.marks[0]?.row ?? 0));
  }

  /** @param {MapPoints} answer */
  function show(answer) {
    drawn = answer;
    names.keep(answer.marks);
    points.adopt(answer.rows === null ? null : integers(answer.rows), answer.count);
    colours.forget();
    map.setPoints(words(answer.points), answer.dimensions === 3 ? 3 : 2);
    lookFrom(camera);
    showAround(scatter, answer);
    restore(answer.total);
    shade();
    element.dataset.points = String(answer.count);
    element.dataset.first ??= String(performance.now());
  }

  /**
   * What was chosen before still is, as long as the rows mean the same.
   * @param {number} total
   */
  function restore(total) {
    const now = rowsMeaning(state);
    if (meaning && meaning !== now) {
      choice.clear();
      group.clear();
    }
    meaning = now;
    if (isRow(state.map_chosen) && state.map_chosen < total) choice.choose(state.map_chosen);
    else choice.clear();
    group.again(groupIn(state.map_group), total);
    finder.search(state.map_query);
  }

  /** @param {unknown} numbers */
  function lookFrom(numbers) {
    const whole = wholeView(map.state);
    map.look(viewIn(numbers, whole, map.state.dimensions) ?? whole);
  }

  /** @param {readonly string[]} changed  follows what others than these hands have changed */
  function follow(changed) {
    if (changed.includes("map_colour")) shade();
    if (changed.includes("map_chosen") && state.map_chosen !== choice.row()) {
      if (isRow(state.map_chosen) && state.map_chosen < (drawn?.total ?? 0))
        choice.choose(state.map_chosen, { fly: true });
      else choice.clear();
    }
    if (changed.includes("map_query") && state.map_query !== finder.asked()) finder.search(state.map_query);
    if (changed.includes("map_group") && !same(state.map_group, group.linked())) {
      group.again(groupIn(state.map_group), drawn?.total ?? 0);
    }
    const { view, dimensions } = map.state;
    if (changed.includes("map_camera") && !same(state.map_camera, cameraOf(view, wholeView(map.state), dimensions))) {
      lookFrom(state.map_camera);
    }
  }

  subscribe(
    element,
    async (_state, changed) => {
      if (!state.main) return;
      const all = !drawn || !changed.length;
      if (all || touches(changed, VECTOR_KEYS)) names.forget();
      if (!all && !touches(changed, POINT_KEYS)) return follow(changed);
      camera = all || changed.includes("map_camera") ? state.map_camera : [];
      await loading.load();
    },
    KEYS,
  );
  listenToButtons(scatter, { choice, group, stop: loading.stop, save: (kind) => drawn && save(scatter, drawn, kind) });
  listenToSearch(element, finder, choice);
  followView();
  Object.assign(element, { map }); // for whoever measures it
}

/**
 * What stands around the map.
 * @param {Scatter} scatter
 * @param {MapPoints} answer
 */
function showAround({ element, map, points }, answer) {
  find(element, ".map-caption").textContent = answer.caption;
  const placed = answer.marks.filter(({ row }) => points.pointOf(row) >= 0);
  map.setMarks(placed.map(({ row, text }) => ({ index: points.pointOf(row), name: entryName(text) })));
  showMarks(find(element, ".map-marks"), answer.marks, answer.marks.length - placed.length);
  showComponents(find(element, ".map-components"), answer);
}

/**
 * @param {Scatter} scatter
 * @param {{ choice: ReturnType<typeof createChoice>, group: ReturnType<typeof createGroup>, stop: () => void,
 *   save: (kind: string) => void }} actions
 */
function listenToButtons({ element, map, points }, { choice, group, stop, save: saveAs }) {
  /** @type {Record<string, () => void>} */
  const tools = {
    closer: () => map.zoomBy(ZOOM),
    away: () => map.zoomBy(1 / ZOOM),
    reset: () => map.reset(),
    visible: () => group.list({ where: "view", rows: map.visible().map(points.rowOf) }),
    stop,
  };
  element.addEventListener("click", (event) => {
    const button = closest(event, "button");
    const { tool, do: action, save: kind, row } = button?.dataset ?? {};
    if (tool) useTool(element, map, tool === "lasso" ? "lasso" : "move");
    else if (action) tools[action]();
    else if (kind) saveAs(kind);
    else if (row) choice.choose(Number(row), { fly: true });
  });
}

/**
 * @param {HTMLElement} element
 * @param {Scatter["map"]} map
 * @param {"move" | "lasso"} tool
 */
function useTool(element, map, tool) {
  map.setTool(tool);
  for (const button of element.querySelectorAll("[data-tool].action")) {
    button.setAttribute("aria-pressed", String(button instanceof HTMLElement && button.dataset.tool === tool));
  }
}

/**
 * Matches are listed while one types; Enter takes the best.
 * @param {HTMLElement} element
 * @param {ReturnType<typeof createSearch>} finder
 * @param {ReturnType<typeof createChoice>} choice
 */
function listenToSearch(element, finder, choice) {
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
    if (best !== null) choice.choose(best, { fly: true });
  });
}
