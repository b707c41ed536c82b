// The states of two sides: of one model on one plane with the tokens by distance, of two models their CKA by depth.
import { sequential, shade } from "../../web/colour.js";
import { find, h, listbox, onResize } from "../../web/dom.js";
import { decimals, percent } from "../../web/format.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { legend } from "../../web/steps.js";
import { set, state, subscribe } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";
import { drawPlane } from "./compare_plane.js";
import { bestOf, headlineOf, keyOf, saidOf, saved } from "./compare_told.js";

/** @typedef {import("../../web/calls.d.ts").CompareStatesAnswer} CompareStatesAnswer */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/** @typedef {{ sides: Sides, answer: CompareStatesAnswer }} Scene */

const MOST_NUMBERS = 16; // depths, beyond which cells have no room for their numbers

/**
 * The CKA of every depth of A, the last at the top, with every depth of B.
 * @param {CompareStatesAnswer} answer
 * @returns {Node[]}
 */
function heatmap({ cka }) {
  if (!cka.length) return [];
  const best = bestOf(cka);
  const isRoomy = cka[0].length <= MOST_NUMBERS;
  const rows = [...cka.entries()].toReversed().map(([depth, row]) => {
    const cells = row.map((value, other) => {
      const said = value === null ? "–" : decimals(value, 2);
      const title = _("Depth {depth} of A, {other} of B: CKA {value}", { depth, other, value: said });
      const isBest = best?.depth === depth && best.other === other;
      const cell = h("td", { title, "data-best": isBest }, isRoomy ? said : "");
      shade(cell, value, sequential);
      return cell;
    });
    return h("tr", null, h("th", { scope: "row" }, `A ${depth}`), cells);
  });
  const foot = cka[0].map((_value, other) => h("th", { scope: "col" }, `B ${other}`));
  return [h("tbody", null, rows, h("tr", null, h("th", null), foot))];
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const ask = latest(element);
  const plane = find(element, ".states-plane", SVGSVGElement);
  const table = find(element, ".states-cka", HTMLTableElement);
  const list = find(element, ".states-list");
  const slider = find(element, ".states-depth input", HTMLInputElement);
  /** @type {Scene | null} */
  let scene = null;
  /** @type {HTMLElement[]} */
  let options = [];

  const isTarget = () => Boolean(scene?.answer.is_target);
  /** @returns {"target" | "source"} */
  const stack = () => (isTarget() ? "target" : "source");
  const tokensOf = (/** @type {import("../../web/store.js").RunFacts} */ run) =>
    isTarget() ? run.target_tokens : run.tokens;
  const chosen = () => (state.token?.stack === stack() ? state.token.position : -1);
  const pick = (/** @type {number} */ position) => set({ token: { stack: stack(), position } });
  const named = (/** @type {Sides} */ { main, other }) => ({ tokens: tokensOf(main), others: tokensOf(other) });

  const box = listbox(list, {
    items: () => options,
    selected: () => scene?.answer.pairs.findIndex(({ position }) => position === chosen()) ?? -1,
    onSelect: (index) => {
      const pair = scene?.answer.pairs[index];
      if (pair) pick(pair.position);
    },
  });

  function drawPicture() {
    if (!scene?.answer.same_model) return;
    const { width, height } = find(element, ".states-picture").getBoundingClientRect();
    if (width && height)
      drawPlane(plane, { ...named(scene.sides), answer: scene.answer, chosen: chosen(), width, height, pick });
  }

  function draw() {
    if (!scene) return;
    const { answer, sides } = scene;
    const isSame = answer.same_model;
    find(element, ".states-depth").hidden = !isSame;
    slider.max = String(answer.last);
    slider.value = String(answer.depth);
    find(element, ".states-depth output").textContent = `${answer.depth} / ${answer.last}`;
    plane.toggleAttribute("hidden", !isSame);
    find(element, ".states-scroll").hidden = isSame;
    list.hidden = !answer.pairs.length;
    find(element, ".states-key").textContent = keyOf(answer);
    const said = find(element, ".states-said");
    said.textContent = saidOf(answer);
    said.hidden = !said.textContent;
    const { tokens } = named(sides);
    options = answer.pairs.map(({ position, cosine, relative }) =>
      h(
        "div",
        { class: "states-pair", role: "option", "aria-selected": false, "data-position": position },
        h("span", { dir: "auto" }, wordName(tokens[position])),
        h("span", { title: _("cosine") }, cosine === null ? "–" : _("cos {value}", { value: decimals(cosine, 2) })),
        h("span", { title: _("distance relative to the mean length") }, relative === null ? "–" : percent(relative)),
      ),
    );
    list.replaceChildren(...options);
    box.update();
    table.replaceChildren(...heatmap(answer));
    const isMapped = answer.cka.length > 0;
    legend(element, isMapped ? { low: () => _("CKA {value}", { value: 0 }), high: () => "1" } : null, sequential);
    drawPicture();
    headline(element, headlineOf(answer, tokens));
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  slider.addEventListener("input", () => set({ states_depth: Number(slider.value) }));
  savable(element, () => {
    if (!scene) return null;
    const { answer, sides } = scene;
    const parts = answer.same_model ? [plane, list] : [find(element, ".stream-legend"), table];
    return saved(answer, named(sides), parts);
  });
  onResize(element, drawPicture);
  subscribe(
    element,
    async (_state, changed) => {
      const sides = sidesOf();
      if (!sides) return;
      if (scene && changed.length && changed.every((key) => key === "token")) {
        box.update();
        drawPicture();
        return;
      }
      if (scene && changed.length && changed.every((key) => key === "theme")) {
        draw();
        return;
      }
      const depth = state.states_depth < 0 ? null : state.states_depth;
      scene = { sides, answer: await ask("compare_states", { ...BOTH, depth }) };
      draw();
    },
    [PAIR, "token", "theme", "states_depth"],
  );
}
