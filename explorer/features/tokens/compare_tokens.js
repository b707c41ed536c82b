// Two cuts of a text, or of two texts, one under the other: what both spell with whole tokens stands in one column.
import { find, onResize } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { set, state, subscribe } from "../../web/store.js";
import { fitTiles } from "../../web/tiles.js";
import { createStretches } from "./compare_stretches.js";
import { counts, detail, headlineOf, legend, saved } from "./compare_words.js";

/** @typedef {import("../../web/calls.d.ts").CompareCutsAnswer} CompareCutsAnswer */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/** @typedef {{ sides: Sides, answer: CompareCutsAnswer }} Scene */
/** @typedef {import("./compare_stretches.js").Item} Item */

const SIZES = [48, 44, 40, 36, 32, 28, 24, 22, 20, 18, 16];

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const picture = find(element, ".cuts-picture");
  const ask = latest(element);
  /** @type {Scene | null} */
  let scene = null;

  const strip = createStretches(picture, {
    /** @param {Item} item */
    pick({ stack, stretch }) {
      const position = stretch.positions.at(-1);
      if (position !== undefined) set({ token: { stack, position } });
    },
    tell: (item) => tell(item ?? strip.chosen()),
    chosen: (items) =>
      items.findIndex(
        ({ stack, stretch }) => state.token?.stack === stack && stretch.positions.includes(state.token.position),
      ),
  });

  /** @param {Item | null} item */
  function tell(item) {
    if (scene) find(element, ".cuts-detail").replaceChildren(...detail(item, scene));
  }

  function fit() {
    fitTiles(picture, SIZES, 2 * strip.items.length);
    strip.markRows();
  }

  function draw() {
    if (!scene) return;
    headline(element, headlineOf(scene));
    find(element, ".cuts-tools").replaceChildren(...legend(scene.answer));
    find(element, ".cuts-counts").replaceChildren(...counts(scene));
    strip.draw(scene.answer);
    fit();
    strip.list.update();
    tell(strip.chosen());
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  async function read() {
    const sides = sidesOf();
    if (!sides) return;
    const answer = await ask("compare_cuts", BOTH);
    scene = { sides, answer };
    draw();
  }

  savable(element, () => scene && saved(scene, [find(element, ".cuts-tools"), picture]));
  onResize(element, fit);
  subscribe(
    element,
    async (_state, changed) => {
      if (scene && changed.length === 1 && changed[0] === "token") {
        strip.list.update();
        tell(strip.chosen());
      } else await read();
    },
    [PAIR, "token"],
  );
}
