// What stands over a map: which vectors, how they are projected and coloured, and what the hands do.
import { closest, find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { list, pills } from "./choices.js";
import { createDepth } from "./text_depth.js";

/** @typedef {import("./scatter.js").Scatter} Scatter */

const ZOOM = 1.5;

/** @returns {import("./choices.js").Choices} */
export const dimensionChoices = () => [
  ["2-D", _("2-D")],
  ["3-D", _("3-D")],
];

/** @returns {import("./choices.js").Choices} */
export const stackChoices = () => [
  ["decoder", _("Decoder")],
  ["encoder", _("Encoder")],
];

/** @returns {import("./choices.js").Choices} */
export const tableChoices = () => [
  ["input", _("Input embedding")],
  ["output", _("Output embedding")],
];

/** @param {HTMLElement} element */
export function createControls(element) {
  const methods = /** @type {const} */ ([
    ["pca", "PCA"],
    ["umap", "UMAP"],
    ["tsne", "t-SNE"],
  ]);
  pills(find(element, ".map-method"), "map_method", { label: _("Projection"), choices: methods });
  pills(find(element, ".map-dims"), "map_dimensions", { label: _("Dimensions"), choices: dimensionChoices() });
  pills(find(element, ".map-stack"), "map_stack", { label: _("Stack (this text)"), choices: stackChoices() });
  list(find(element, ".map-colour", HTMLSelectElement), "map_colour", [
    ["kind", _("Kind of token, or place")],
    ["length", _("Number of characters")],
    ["norm", _("Length of the vector")],
    ["distance", _("Cosine to the chosen token")],
    ["none", _("One colour")],
  ]);
  list(find(element, ".map-space", HTMLSelectElement), "map_space", [
    ...tableChoices(),
    ["positions", _("Positions")],
    ["text", _("This text")],
  ]);
  createDepth(element);
}

/**
 * @param {Scatter} scatter
 * @param {{ choose: (row: number) => void, stop: () => void, forget: () => void,
 *   list: (group: import("./map_request.js").Group) => void }} actions
 */
export function listenToButtons({ element, map, points }, { choose, stop, forget, list: listGroup }) {
  /** @type {Record<string, () => void>} */
  const does = {
    closer: () => map.zoomBy(ZOOM),
    away: () => map.zoomBy(1 / ZOOM),
    reset: () => map.reset(),
    still: () => map.look(map.state.view),
    visible() {
      const shape = map.screen();
      listGroup({ where: "view", rows: map.within(shape).map(points.rowOf), shape });
    },
    stop,
    forget,
  };
  element.addEventListener("click", (event) => {
    const { tool, do: action, row } = closest(event, "button")?.dataset ?? {};
    if (tool) useTool(element, map, tool === "lasso" ? "lasso" : "move");
    else if (action) does[action]();
    else if (row) choose(Number(row));
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
