// Two runs through one lens: how far apart they are at every depth and position, and what both would say at one token.
import { sequential } from "../../web/colour.js";
import { find, onResize } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { legend } from "../../web/steps.js";
import { set, state, subscribe } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";
import { axisOf, distanceNames, headlineOf, limitOf, saved, scaleOf, wordRows } from "./compare_depths.js";
import { drawPair } from "./compare_grid.js";
import { handsOn, markCell, rowsOf } from "./grid.js";
import { lensNames } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").CompareLayersAnswer} CompareLayersAnswer */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/** @typedef {{ sides: Sides, answer: CompareLayersAnswer }} Scene */

const ROW = 30; // pixels that a row takes at least
const LARGE_ROW = 36;
const PHONE = "(max-width: 760px)";

/** @param {import("../../web/store.js").RunFacts} run */
export const readBy = (run) => (run.target_tokens.length ? run.target_tokens : run.tokens);

/**
 * @param {import("../../web/store.js").RunFacts} run
 * @returns {"source" | "target"}
 */
const stackOf = (run) => (run.target_tokens.length ? "target" : "source");

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const root = find(element, ".layers-grid");
  const side = find(element, ".lens-pair-side");
  const ask = latest(element);
  /** @type {Scene | null} */
  let scene = null;
  /** @type {number[]} */
  let depths = [];
  const lens = segmented({
    label: _("Lens"),
    choices: /** @type {[typeof state.lens, string][]} */ (lensNames()),
    onSelect: (value) => set({ lens: value, lens_depth: -1 }),
  });
  const distance = segmented({
    label: _("Distance of the two sides"),
    choices: /** @type {[typeof state.lens_distance, string][]} */ (distanceNames()),
    onSelect: (value) => set({ lens_distance: value }),
  });
  find(element, ".lens-pair-lens").append(lens.element);
  find(element, ".lens-pair-distance").append(distance.element);

  function draw() {
    if (!scene) return;
    const { answer, sides } = scene;
    lens.update(answer.lens);
    lens.element.querySelectorAll("button").forEach((button, index) => {
      button.hidden = !answer.lenses.includes(lensNames()[index][0]);
    });
    distance.update(state.lens_distance);
    distance.element.hidden = !answer.same_vocabulary;
    legend(element, scaleOf(answer), answer.same_vocabulary ? sequential : undefined);
    const row = document.documentElement.classList.contains("large-type") ? LARGE_ROW : ROW;
    const space = matchMedia(PHONE).matches ? 0.55 * innerHeight : find(element, ".layers-picture").clientHeight - 30;
    depths = rowsOf(answer.last + 1, Math.floor(space / (row + 2)) - 1).depths;
    const high = Math.max(row, Math.min(64, Math.floor(space / (depths.length + 1)) - 2));
    root.style.setProperty("--layers-row", `${high}px`);
    drawPair(root, { answer, tokens: readBy(sides.main), depths, limit: limitOf(answer) });
    reveal(markCell(root, { depth: answer.last, position: answer.position }));
    find(element, ".layers-axis").textContent = axisOf(answer);
    side.hidden = false;
    const token = readBy(sides.main)[answer.position];
    find(side, "h3").textContent = _("At “{token}”", { token: wordName(token) });
    find(side, "table").replaceChildren(...wordRows(answer));
    headline(element, ...headlineOf(answer));
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {HTMLElement | null} cell */
  function reveal(cell) {
    const scroll = find(element, ".layers-scroll");
    const [box, inside] = [scroll, cell ?? scroll].map((node) => node.getBoundingClientRect());
    if (inside.left < box.left + 60 || inside.right > box.right)
      scroll.scrollLeft += inside.left - box.left - box.width / 2;
  }

  function wipe() {
    scene = null;
    root.replaceChildren();
    side.hidden = true;
    legend(element, null);
    headline(element);
  }

  async function read() {
    const sides = sidesOf();
    if (!sides) return;
    const position = state.token?.stack === stackOf(sides.main) ? state.token.position : null;
    const asked = { lens: state.lens, distance: state.lens_distance, position };
    const answer = await ask("compare_layers", { ...BOTH, ...asked }).catch((error) => {
      wipe();
      throw error;
    });
    scene = { sides, answer };
    draw();
  }

  handsOn(root, {
    depths: () => depths,
    down: () => false,
    columns: () => (scene ? readBy(scene.sides.main).length : 0),
    choose: ({ position }) => scene && set({ token: { stack: stackOf(scene.sides.main), position } }),
  });
  savable(element, () => scene && saved(scene, [find(element, ".stream-legend"), root, find(side, "table")]));
  onResize(element, draw);
  subscribe(element, read, [PAIR, "token", "lens", "lens_distance"]);
}
