// The heads of one model on two sides: a grid, coloured by how differently each looks, of which one is chosen.
import { cssOf, gradient, indexOf, sequential } from "../../web/colour.js";
import { find, listbox, onResize } from "../../web/dom.js";
import { percent, percentWhole } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { set, state } from "../../web/store.js";
import { arrange, cellNodes, resize } from "./grid_cells.js";

/** @typedef {import("../../web/calls.d.ts").HeadDistancesAnswer} HeadDistancesAnswer */
/** @typedef {{ layer: number, head: number, value: number }} Place */

const EDGE = 52; // pixels that the numbers along the left and top take

/**
 * The head that looks most differently; null where nothing corresponds.
 * @param {HeadDistancesAnswer["distances"]} distances
 * @returns {Place | null}
 */
export function mostDifferent(distances) {
  /** @type {Place | null} */
  let found = null;
  distances.forEach((heads, layer) => {
    heads.forEach((value, head) => {
      if (value !== null && (!found || value > found.value)) found = { layer, head, value };
    });
  });
  return found;
}

/** @param {HTMLElement} element */
export function createGrid(element) {
  const cells = find(element, ".grid-cells");
  const frame = find(element, ".grid-frame");
  /** @type {HTMLElement[]} */
  let nodes = [];
  /** @type {HeadDistancesAnswer | null} */
  let answer = null;
  const options = () => nodes.filter((node) => !node.classList.contains("is-absent"));
  const list = listbox(cells, {
    items: options,
    selected: () => options().findIndex(({ dataset }) => isChosen(dataset)),
    onSelect: (index) => choose(options()[index].dataset),
    orientation: "grid",
  });
  onResize(frame, fit);

  function fit() {
    if (!answer) return;
    const { clientWidth: width, clientHeight: height } = frame;
    if (width && height) resize(cells, shapeOf(answer), { width, height: height - 4, edge: EDGE });
  }

  return {
    /** @param {HeadDistancesAnswer} next */
    show(next) {
      answer = next;
      const shape = shapeOf(next);
      nodes = cellNodes(shape);
      const top = mostDifferent(next.distances)?.value ?? 0;
      for (const node of nodes) dress(node, next.distances[Number(node.dataset.layer)][Number(node.dataset.head)], top);
      arrange(cells, nodes, shape, false);
      fit();
      find(element, ".att-grid-low").textContent = percentWhole(0);
      find(element, ".att-grid-high").textContent = percent(top);
      find(element, ".att-grid-bar").style.background = gradient();
      list.update();
    },
    update: () => list.update(),
  };
}

/** @param {HeadDistancesAnswer} answer */
const shapeOf = ({ distances }) => ({
  layers: distances.length,
  heads: Math.max(...distances.map((heads) => heads.length)),
  heads_by_layer: distances.map((heads) => heads.filter((value) => value !== null).length || heads.length),
});

/** @param {DOMStringMap} dataset */
const isChosen = ({ layer, head }) => Number(layer) === state.layer && Number(head) === state.head;

/** @param {DOMStringMap} dataset */
const choose = ({ layer, head }) => set({ layer: Number(layer), head: Number(head) });

/**
 * @param {HTMLElement} node
 * @param {number | null} value
 * @param {number} top  the end of the scale
 */
function dress(node, value, top) {
  const canvas = find(node, "canvas", HTMLCanvasElement);
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  if (context && value !== null) {
    context.fillStyle = cssOf(sequential.colours[indexOf(top ? value / top : 0)]);
    context.fillRect(0, 0, 1, 1);
  }
  const { layer, head } = node.dataset;
  const share = value === null ? _("not measured") : percent(value);
  const said = _("layer {layer}, head {head}: {share} lies elsewhere", { layer, head, share });
  node.setAttribute("aria-label", said);
  node.title = said;
  find(node, ".grid-tag").textContent = value === null ? "" : percentWhole(value).replace(/\s*%$/, "");
}
