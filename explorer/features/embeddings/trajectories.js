// Tokens on their way through the layers: a line per token, a colour per sentence, and two tokens compared by depth.
import { words } from "../../web/base64.js";
import { hexRgb } from "../../web/colour.js";
import { setControls } from "../../web/controls.js";
import { closest, find, h, isDark, onTheme } from "../../web/dom.js";
import { cut } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { wholeView } from "../../web/map/camera.js";
import { createMap } from "../../web/map/map.js";
import { figure } from "../../web/plot.js";
import { latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import { same, set, state, subscribe } from "../../web/store.js";
import { swatch } from "./legend.js";
import { cameraOf, viewIn } from "./linked_camera.js";
import { pictures } from "./map_files.js";
import { colourOf, labelOf, linesOf, nameOfPoint, pairOf } from "./paths.js";

/** @typedef {import("../../web/calls.d.ts").TrajectoriesAnswer} Trajectories */
/** @typedef {import("../../web/map/map.js").PointMap} PointMap */

const MAX_SENTENCE = 90; // characters of the legend
const ZOOM = 1.5;
const EXAMPLE = {
  paths_sentences: "He kept his gold in the bank.\nThe boat lay on the bank of the river.",
  paths_word: "bank",
};
const TEXT_KEYS = ["main", "paths_sentences", "paths_stack"];
const KEYS = [...TEXT_KEYS, "paths_word", "paths_metric", "paths_dimensions", "paths_pair", "paths_camera"];

const sentencesAsked = () =>
  /** @type {const} */ ({ run: "main", sentences: state.paths_sentences ?? "", stack: state.paths_stack });

/**
 * @param {HTMLElement} element
 * @param {PointMap} map
 * @param {Trajectories} shown
 */
function paint(element, map, shown) {
  const { depths, paths, sentences } = shown;
  const shades = Uint8Array.from(
    { length: paths.length * depths },
    (_point, index) => paths[Math.floor(index / depths)].sentence,
  );
  const colours = sentences.map((_sentence, place) => colourOf(place, isDark()));
  map.setShades(shades, colours.map(hexRgb));
  map.select(-1, linesOf(shown, isDark()));
  const entries = sentences.map((text, place) => swatch(colours[place], `${place + 1}: ${cut(text, MAX_SENTENCE)}`));
  find(element, ".map-legend").replaceChildren(...entries);
}

/**
 * The two lists from which a pair is chosen; what is chosen stands in the store.
 * @param {HTMLElement} element
 * @param {() => Trajectories | null} shown
 */
function createPair(element, shown) {
  const ask = latest(element);
  const sides = [".pair-left", ".pair-right"].map((side) => find(element, side, HTMLSelectElement));

  /** @param {readonly number[]} pair */
  function choose(pair) {
    const places = pair.map((place) => shown()?.paths[place]);
    set({ paths_pair: places.flatMap((path) => (path ? [path.sentence, path.position] : [])) });
  }

  for (const side of sides) side.addEventListener("change", () => choose(sides.map(({ value }) => Number(value))));
  return {
    offer() {
      for (const side of sides) {
        const options = (shown()?.paths ?? []).map((path, place) => h("option", { value: place }, labelOf(path)));
        side.replaceChildren(...options);
      }
    },
    /** @param {number} place  of the path that is compared with the one chosen last */
    from: (place) => choose([place, Number(sides[0].value)]),
    async compare() {
      const paths = shown()?.paths ?? [];
      const pair = pairOf(paths, state.paths_pair);
      sides.forEach((side, place) => {
        side.value = String(pair[place]);
      });
      const [left, right] = pair.map((place) => [paths[place].sentence, paths[place].position]);
      const answer = await ask("cosine_by_depth", { ...sentencesAsked(), left, right });
      await figure(find(element, ".figure-plot"), { ...answer.figure, name: "cosine-by-depth" });
      element.dataset.compared = String(answer.values.length);
    },
  };
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const ask = latest(element);
  /** @type {Trajectories | null} */
  let shown = null;
  const pair = createPair(element, () => shown);
  const map = createMap(find(element, ".map-host"), {
    label: _("Paths of tokens through the layers. Arrow keys move, plus and minus zoom, 0 shows the whole."),
    name: (index) => (shown ? nameOfPoint(shown, index, index === map.state.hovered) : ""),
    pick: (index) => shown && index >= 0 && pair.from(Math.floor(index / shown.depths)),
    rest: (view) => set({ paths_camera: cameraOf(view, wholeView(map.state), map.state.dimensions) }),
  });

  function look() {
    const whole = wholeView(map.state);
    map.look(viewIn(state.paths_camera, whole, map.state.dimensions) ?? whole);
  }

  /** @param {readonly string[]} changed */
  async function load(changed) {
    const first = shown === null;
    const linked = first || changed.includes("paths_camera");
    status(element, _("reading the sentences"));
    const dimensions = state.paths_dimensions === "3-D" ? 3 : 2;
    const choices = { word: state.paths_word ?? "", metric: state.paths_metric, dimensions };
    const answer = await ask("trajectories", { ...sentencesAsked(), ...choices });
    status(element, null);
    shown = answer;
    map.setPoints(words(answer.points), dimensions);
    map.setEnds(answer.depths);
    if (linked) look();
    find(element, ".map-caption").textContent = answer.caption;
    paint(element, map, answer);
    pair.offer();
    element.dataset.paths = String(answer.paths.length);
  }

  subscribe(
    element,
    async (_state, changed) => {
      if (!state.main) return;
      const view = changed.length > 0 && changed.every((key) => key === "paths_camera" || key === "paths_pair");
      if (!view || !shown) await load(changed);
      else if (changed.includes("paths_camera")) follow();
      if (!view || changed.includes("paths_pair")) await pair.compare();
    },
    KEYS,
  );

  function follow() {
    const { view, dimensions } = map.state;
    if (!same(state.paths_camera, cameraOf(view, wholeView(map.state), dimensions))) look();
  }

  onTheme(element, () => shown && paint(element, map, shown));
  listenToButtons(element, map);
}

/**
 * @param {HTMLElement} element
 * @param {PointMap} map
 */
function listenToButtons(element, map) {
  /** @type {Record<string, () => void>} */
  const actions = {
    example: () => setControls(EXAMPLE),
    closer: () => map.zoomBy(ZOOM),
    away: () => map.zoomBy(1 / ZOOM),
    reset: () => map.reset(),
  };
  const files = pictures(map, "trajectories", _("Tokens through the layers"));
  element.addEventListener("click", (event) => {
    const { do: action, save } = closest(event, "button")?.dataset ?? {};
    if (action) actions[action]();
    else if (save === "png" || save === "svg") files[save]();
  });
}
