// Tokens on their way through the layers: a line per token, a colour per sentence, and two tokens compared by depth.
import { words } from "../../web/base64.js";
import { hexRgb } from "../../web/colour.js";
import { closest, find, h, isDark, onTheme } from "../../web/dom.js";
import { cut, decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { wholeView } from "../../web/map/camera.js";
import { createMap } from "../../web/map/map.js";
import { figure } from "../../web/plot.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import { same, set, state, subscribe } from "../../web/store.js";
import { pills, typed } from "./choices.js";
import { swatch } from "./legend.js";
import { cameraOf, viewIn } from "./linked_camera.js";
import { dimensionChoices, stackChoices } from "./map_tools.js";
import { colourOf, labelOf, linesOf, nameOfPoint, pairOf } from "./paths.js";
import { savedCosine, savedPaths } from "./saved.js";
import { createTold, wordOf } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").TrajectoriesAnswer} Trajectories */
/** @typedef {import("../../web/map/map.js").PointMap} PointMap */

const MAX_SENTENCE = 48; // characters of the legend
const ZOOM = 1.5;
// Of 27 words of two senses the one whose senses part in every bundled model; a test measures it.
const EXAMPLE = {
  paths_sentences:
    "The great bear slept in the cave.\nA brown bear came out of the wood.\n" +
    "She could not bear the pain.\nHe could bear it no longer.",
  paths_word: "bear",
};
const TEXT_KEYS = ["main", "paths_sentences", "paths_stack"];
const OWN = new Set(["paths_camera", "paths_pair", "theme"]); // what changes no path
const KEYS = [...TEXT_KEYS, "paths_word", "paths_metric", "paths_dimensions", "paths_pair", "paths_camera"];

const isEncoderDecoder = () => state.main?.kind === "encoder-decoder";
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
  const drawn = new Set(paths.map(({ sentence }) => sentence));
  const entries = sentences.map((text, place) => swatch(colours[place], `${place + 1}: ${cut(text, MAX_SENTENCE)}`));
  find(element, ".map-legend").replaceChildren(...entries.filter((_entry, place) => drawn.has(place)));
}

/**
 * The two lists from which a pair is chosen; what is chosen stands in the store.
 * @param {HTMLElement} element
 * @param {() => Trajectories | null} shown
 * @param {(sentence: string) => void} tell
 */
function createPair(element, shown, tell) {
  const ask = latest(element);
  const sides = [".pair-left", ".pair-right"].map((side) => find(element, side, HTMLSelectElement));

  /** @param {readonly number[]} pair */
  function choose(pair) {
    const places = pair.map((place) => shown()?.paths[place]);
    set({ paths_pair: places.flatMap((path) => (path ? [path.sentence, path.position] : [])) });
  }

  const place = find(element, ".figure-plot");
  /** @type {readonly (number | null)[]} */
  let values = [];
  savable(place, () => {
    const paths = shown()?.paths ?? [];
    const pair = values.length ? pairOf(paths, state.paths_pair).map((at) => paths[at]) : [];
    return pair.length ? savedCosine(pair, values, [place]) : null;
  });
  for (const side of sides) side.addEventListener("change", () => choose(sides.map(({ value }) => Number(value))));
  return {
    offer() {
      for (const side of sides) {
        const paths = shown()?.paths ?? [];
        const several = paths.some(({ sentence }) => sentence > 0);
        const options = paths.map((path, place) => h("option", { value: place }, labelOf(path, several)));
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
      tell(
        sentenceOf(
          pair.map((place) => paths[place].name),
          answer.values,
        ),
      );
      values = answer.values;
      await figure(place, { ...answer.figure, name: "cosine-by-depth" });
      element.dataset.compared = String(answer.values.length);
    },
  };
}

/**
 * Two tokens' ways in one sentence.
 * @param {readonly string[]} names
 * @param {readonly (number | null)[]} values  their cosine at every depth
 */
export function sentenceOf([left, right], values) {
  const [first, last] = [values.at(0), values.at(-1)].map((value) => decimals(value ?? 0, 2));
  const named = { left: wordOf(left), right: wordOf(right), first, last };
  return _("“{left}” and “{right}”: cosine {first} at the start, {last} after the last layer", named);
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const ask = latest(element);
  /** @type {Trajectories | null} */
  let shown = null;
  const pair = createPair(element, () => shown, createTold(element));
  const map = createMap(find(element, ".map-host"), {
    label: _("Paths of tokens through the layers. Arrow keys move, plus and minus zoom, 0 shows the whole."),
    name: (index) => (shown ? nameOfPoint(shown, index, index === map.state.hovered) : ""),
    pick: (index) => shown && index >= 0 && pair.from(Math.floor(index / shown.depths)),
    turning: (on) => {
      find(element, "[data-do=still]").hidden = !on;
    },
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
    if (!linked || !viewIn(state.paths_camera, wholeView(map.state), dimensions)) map.spin();
    find(element, ".map-caption").textContent = answer.caption;
    paint(element, map, answer);
    pair.offer();
    element.dataset.paths = String(answer.paths.length);
  }

  subscribe(
    element,
    async (_state, changed) => {
      if (!state.main) return;
      const view = changed.length > 0 && changed.every((key) => OWN.has(key));
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
  savable(element, () => shown && savedPaths(shown, [find(element, ".map-host"), find(element, ".map-legend")]));
  createControls(element);
  listenToButtons(element, map);
}

/** @param {HTMLElement} element */
function createControls(element) {
  const metrics = /** @type {const} */ ([
    ["cosine", _("Direction only")],
    ["euclidean", _("As they are")],
  ]);
  pills(find(element, ".paths-metric"), "paths_metric", { label: _("Vectors"), choices: metrics });
  pills(find(element, ".paths-dims"), "paths_dimensions", { label: _("Dimensions"), choices: dimensionChoices() });
  pills(find(element, ".paths-stack"), "paths_stack", { label: _("Stack"), choices: stackChoices() });
  typed(find(element, ".paths-word", HTMLInputElement), "paths_word");
  typed(find(element, ".paths-sentences", HTMLTextAreaElement), "paths_sentences");
}

/**
 * @param {HTMLElement} element
 * @param {PointMap} map
 */
function listenToButtons(element, map) {
  /** @type {Record<string, () => void>} */
  const actions = {
    example: () => set({ ...EXAMPLE, paths_stack: isEncoderDecoder() ? "encoder" : "decoder", paths_pair: [] }),
    still: () => map.look(map.state.view),
    closer: () => map.zoomBy(ZOOM),
    away: () => map.zoomBy(1 / ZOOM),
    reset: () => map.reset(),
  };
  element.addEventListener("click", (event) => {
    const { do: action } = closest(event, "button")?.dataset ?? {};
    if (action) actions[action]();
  });
}
