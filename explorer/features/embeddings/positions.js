// How the model knows the order of its tokens: one scheme at a time.

import { cssVariable, diverging, sequential } from "../../web/colour.js";
import { find, h, onResize } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { figure } from "../../web/plot.js";
import { savable } from "../../web/saving/offer.js";
import { figureRows } from "../../web/saving/plot_rows.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { createTold } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").PositionsAnswer} Positions */

const SET_OFF = 3; // pixels: the width of the curve that the headline is about
const PALEST = 0.3; // of the scale, as in figures.py
const BESIDE = 0.02; // of the figure: between a square and its colour bar

/**
 * A figure in the page's own colours, which are others on a dark page: a table's cosines, and the curves of many heads
 * from pale to strong in their order; the curve that the headline is about is ink.
 * @param {import("../../web/plot.js").Figure} figure
 * @param {string} ink
 */
export function coloured({ data, ...rest }, ink) {
  const many = data.filter((part) => part.line?.width < SET_OFF);
  const strength = (/** @type {number} */ place) => PALEST + ((1 - PALEST) * place) / Math.max(1, many.length - 1);
  const recoloured = data.map((part) => {
    if (part.type === "heatmap") return { ...part, colorscale: diverging.plotly };
    const place = many.indexOf(part);
    const colour = place < 0 ? ink : sequential.css[Math.round(255 * strength(place))];
    return { ...part, line: { ...part.line, color: colour } };
  });
  return { ...rest, data: recoloured };
}

/**
 * A square picture stands in the middle of a wide place; its colour bar stands beside it, not at the far end.
 * @param {import("../../web/plot.js").Figure} figure
 * @param {{ clientWidth: number, clientHeight: number }} place
 */
export function closed({ data, layout, ...rest }, { clientWidth, clientHeight }) {
  const { l, r, t, b } = layout?.margin ?? { l: 0, r: 0, t: 0, b: 0 };
  const share = Math.min(1, (clientHeight - t - b) / Math.max(1, clientWidth - l - r));
  const x = 0.5 + share / 2 + BESIDE;
  const parts = data.map((part) => (part.colorbar ? { ...part, colorbar: { ...part.colorbar, x } } : part));
  return { ...rest, layout, data: parts };
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const picker = find(element, ".scheme", HTMLSelectElement);
  const place = find(element, ".figure-plot");
  const ask = latest(element);
  const tell = createTold(element);
  /** @type {Positions} */
  let known = { schemes: [], none: null };
  let of = "";

  /** @param {string} model */
  async function load(model) {
    known = await ask("positions", { model });
    of = model;
    picker.replaceChildren(...known.schemes.map(({ name, title }) => h("option", { value: name }, title)));
    find(element, ".scheme-label").hidden = known.schemes.length < 2;
  }

  const chosen = () => known.schemes.find(({ name }) => name === state.positions_scheme) ?? known.schemes.at(0);

  async function show() {
    const scheme = chosen();
    if (scheme) picker.value = scheme.name;
    find(element, ".scheme-sentence").textContent = scheme?.sentence ?? known.none ?? "";
    if (scheme) tell(scheme.headline);
    const inked = scheme && coloured({ ...scheme.figure, name: "positions" }, cssVariable("--ink"));
    await figure(place, inked ? closed(inked, place) : null);
    element.dataset.scheme = scheme?.kind ?? "none";
  }

  savable(element, () => {
    const scheme = chosen();
    if (!scheme) return null;
    const at = known.schemes.indexOf(scheme);
    const isTable = scheme.figure.data.some(({ type }) => type === "heatmap");
    return {
      name: _("Positions"),
      parts: [find(element, ".figure-plot")],
      isOfRun: false,
      settings: [
        [_("Scheme"), scheme.title],
        [_("About it"), scheme.sentence],
      ],
      rows: () => figureRows(scheme.figure, isTable ? { x: "position", y: "other" } : { x: "distance", y: "value" }),
      imports: ["from models.vectors.positions import position_schemes"],
      python: [
        `scheme = position_schemes(model)[${at}]`,
        "rows = scheme.curves if scheme.table is None else scheme.table",
      ],
    };
  });
  onResize(place, () => void (of && show()));
  picker.addEventListener("change", () => set({ positions_scheme: picker.value }));
  subscribe(element, async () => {
    const run = runOf(props);
    if (!run) return;
    if (run.model !== of) await load(run.model);
    await show();
  }, ["main", "positions_scheme", "theme"]);
}
