// The map of vectors with its search, lists and downloads: what is chosen stands in the store, and so in the link.
import { integers, words } from "../../web/base64.js";
import { find } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { viewOf, wholeView } from "../../web/map/camera.js";
import { createMap } from "../../web/map/map.js";
import { savable } from "../../web/saving/offer.js";
import { same, set, state, subscribe } from "../../web/store.js";
import { followParts } from "../../web/subtabs.js";
import { entryName } from "../../web/tokens.js";
import { cameraOf, viewIn } from "./linked_camera.js";
import { showComponents, showMarks } from "./lists.js";
import { createColours } from "./map_colours.js";
import { createGroup } from "./map_group.js";
import { createLoading } from "./map_loading.js";
import { groupIn, isRow, POINT_KEYS, rowsMeaning, VECTOR_KEYS, vectorsIn } from "./map_request.js";
import { createChoice, createSearch, listenToSearch } from "./map_selection.js";
import { createSum } from "./map_sum.js";
import { createControls, listenToButtons } from "./map_tools.js";
import { createNames } from "./names.js";
import { createPoints } from "./points.js";
import { savedGroup, savedMap, savedNeighbours } from "./saved.js";
import { createVoices } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").MapPoints} MapPoints */
/**
 * The parts that all of a map's behaviour shares.
 * @typedef {object} Scatter
 * @property {HTMLElement} element
 * @property {import("../../web/map/map.js").PointMap} map
 * @property {ReturnType<typeof createNames>} names
 * @property {ReturnType<typeof createPoints>} points
 * @property {ReturnType<typeof createVoices>} voices  of the headline
 */

const CLOSER = 1.05; // a zoom that is kept for the chosen token on the next map
const SUM_KEYS = ["map_sum", "sum_a", "sum_b", "sum_c"];
const KEYS = [...POINT_KEYS, ...SUM_KEYS, "map_colour", "map_chosen", "map_query", "map_group", "map_camera"];

/**
 * The map and what belongs to it; hands on the map choose and list.
 * @param {HTMLElement} element
 * @param {{ pick: (row: number | null) => void, lasso: (group: import("./map_request.js").Group) => void }} hands
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
    lasso: (indexes, shape) => lasso({ where: "lasso", rows: indexes.map(points.rowOf), shape }),
    rest: (view) => set({ map_camera: cameraOf(view, wholeView(map.state), map.state.goal.dimensions) }),
    turning: (on) => {
      find(element, "[data-do=still]").hidden = !on;
    },
  });
  return { element, map, names, points, voices: createVoices(element) };
}

/**
 * @param {readonly string[]} changed
 * @param {readonly string[]} keys
 */
const touches = (changed, keys) => changed.some((key) => keys.includes(key));

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const scatter = createScatter(element, {
    pick: (row) => (row === null ? choice.clear() : asked("chosen", () => choice.choose(row))),
    lasso: (found) => asked("group", () => group.list(found)),
  });
  const { map, names, points } = scatter;
  /**
   * What a visitor asks for is what the headline is about.
   * @param {import("./told.js").Topic} topic
   * @param {() => void} act
   */
  function asked(topic, act) {
    set({ map_told: topic });
    act();
  }
  const colours = createColours(scatter);
  const choice = createChoice(scatter, () => state.map_colour === "distance" && shade());
  const finder = createSearch(scatter);
  const group = createGroup(scatter);
  const sum = createSum(scatter);
  const loading = createLoading(element, show);
  /** @type {MapPoints | null} */
  let drawn = null;
  let meaning = ""; // of the rows that are drawn
  /** @type {unknown} */
  let camera = []; // for the next map: that of the link, or none
  /** @type {readonly string[] | null} */
  let together = null; // what changed with the vectors, as when a saved view is opened; null is everything

  function shade() {
    colours.shade(choice.row() >= 0 ? choice.row() : (drawn?.marks[0]?.row ?? 0));
  }

  /** @param {MapPoints} answer */
  function show(answer) {
    const goesOn = drawn !== null && meaning === rowsMeaning(state);
    drawn = answer;
    names.keep(answer.marks);
    place(answer, goesOn);
    showAround(scatter, answer);
    scatter.voices.say("map", sentenceOf(answer));
    restore(answer.total);
    shade();
    element.dataset.points = String(answer.count);
    element.dataset.first ??= String(performance.now());
  }

  /**
   * The points at their places: those that were on the map before fly there, and the chosen one stays in the middle.
   * @param {MapPoints} answer
   * @param {boolean} goesOn  whether rows mean what they meant on the map before
   */
  function place(answer, goesOn) {
    const was = points.adopt(answer.rows === null ? null : integers(answer.rows), answer.count);
    const dimensions = answer.dimensions === 3 ? 3 : 2;
    const { zoom } = map.state.view;
    colours.forget();
    if (goesOn) map.travel(words(answer.points), dimensions, (index) => was(points.rowOf(index)));
    else map.setPoints(words(answer.points), dimensions);
    const whole = wholeView(map.state);
    const linked = viewIn(camera, whole, dimensions);
    const chosen = goesOn ? points.pointOf(choice.row()) : -1;
    const close = chosen >= 0 && zoom > CLOSER ? viewOf({ ...map.state, view: whole }, chosen, zoom) : whole;
    if (goesOn && !linked) map.accompany(close);
    else map.look(linked ?? whole);
    if (!linked && close === whole) map.spin();
  }

  /**
   * What was chosen before still is, as long as the rows mean the same.
   * @param {number} total
   */
  function restore(total) {
    const now = rowsMeaning(state);
    const isSame = meaning === now;
    const isNamed = (/** @type {string} */ key) => together === null || together.includes(key);
    if (meaning && !isSame && !isNamed("map_chosen")) choice.clear();
    if (meaning && !isSame && !isNamed("map_group")) group.clear();
    if (isSame && !isNamed("map_group")) group.forgetShape();
    meaning = now;
    group.again(groupIn(state.map_group), total);
    if (isRow(state.map_chosen) && state.map_chosen < total) choice.choose(state.map_chosen);
    else choice.clear();
    finder.search(state.map_query);
    sum.draw();
  }

  /** @param {unknown} numbers */
  function lookFrom(numbers) {
    const whole = wholeView(map.state);
    map.look(viewIn(numbers, whole, map.state.dimensions) ?? whole);
  }

  /** @param {readonly string[]} changed  follows what others than these hands have changed */
  function follow(changed) {
    if (changed.includes("map_colour")) shade();
    if (touches(changed, SUM_KEYS)) sum.draw();
    if (changed.includes("map_chosen") && state.map_chosen !== choice.row()) {
      if (isRow(state.map_chosen) && state.map_chosen < (drawn?.total ?? 0))
        choice.choose(state.map_chosen, { fly: true });
      else choice.clear();
    }
    if (changed.includes("map_query") && state.map_query !== finder.asked()) finder.search(state.map_query);
    if (changed.includes("map_group") && !same(state.map_group, group.linked())) {
      group.again(groupIn(state.map_group), drawn?.total ?? 0);
    }
    const { view, goal } = map.state;
    if (
      changed.includes("map_camera") &&
      !same(state.map_camera, cameraOf(view, wholeView(map.state), goal.dimensions))
    ) {
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
      together = all ? null : changed;
      await loading.load();
    },
    KEYS,
  );
  createControls(element);
  listenToButtons(scatter, {
    choose: (row) => asked("chosen", () => choice.choose(row, { fly: true })),
    list: (found) => asked("group", () => group.list(found)),
    forget: sum.forget,
    stop: loading.stop,
  });
  listenToSearch(element, finder, (row) => asked("chosen", () => choice.choose(row, { fly: true })));
  savable(element, () => drawn && savedMap(scatter, drawn, [find(element, ".map-host"), find(element, ".map-legend")]));
  offerLists(scatter, { chosen: choice.row, grouped: group.rows });
  followParts("embeddings-views", "embeddings_view");
  Object.assign(element, { map }); // for whoever measures it
}

/**
 * A map in one sentence, before anything on it is chosen.
 * @param {MapPoints} map
 */
export function sentenceOf({ count, explained, axes }) {
  if (!axes.length) return _("{count} vectors: on this map only nearness counts", { count });
  const share = axes.reduce((sum, axis) => sum + (explained[axis] ?? 0), 0);
  return _("{count} vectors: this map holds {share} of their differences", { count, share: percent(share) });
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
 * The lists beside the map can be saved, too.
 * @param {Scatter} scatter
 * @param {{ chosen: () => number, grouped: () => readonly number[] }} lists  the rows they are about
 */
function offerLists({ element, names }, { chosen, grouped }) {
  const [nearest, group] = [".map-chosen", ".map-group"].map((name) => find(element, name));
  savable(nearest, () => (chosen() < 0 ? null : savedNeighbours(chosen(), names.label(chosen()) ?? "", [nearest])));
  savable(group, () => (grouped().length ? savedGroup(grouped(), [group]) : null));
}
