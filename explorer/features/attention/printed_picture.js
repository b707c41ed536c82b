// The picture as it is saved: on white, with a title that says what it shows.
import { cut } from "../../web/format.js";
import { _ } from "../../web/language.js";

/** @typedef {import("./shown_picture.js").Picture} Picture */

const INK = { color: "#111", family: "sans-serif" };
const TEXT_CHARACTERS = 110;
const NAME_CHARACTERS = 80;

/**
 * @param {{ model: string, name: string }} about
 * @param {string} ending
 */
export const fileName = ({ model, name }, ending) =>
  `attention ${model} ${name}`.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, NAME_CHARACTERS) + ending;

/** @param {Picture["about"]} about */
export function titleOf({ model, kind, name, unit }) {
  const kinds = { encoder: _("encoder attention"), decoder: _("decoder attention"), cross: _("cross attention") };
  const ofKind = /** @type {Record<string, string>} */ (kinds)[kind];
  return [model, ofKind, name, unit === "norm" && _("weight × value norm")].filter(Boolean).join(" · ");
}

/** @param {Picture["about"]} about */
export function subtitleOf({ text, target }) {
  const quoted = [text, target].filter(Boolean).map((one) => `“${cut(one.replace(/\s+/g, " "), TEXT_CHARACTERS)}”`);
  return quoted.join(" → ");
}

/**
 * @param {Picture} picture
 * @param {{ width: number, height: number }} size
 * @param {(text: string) => string} literal
 */
export function printed({ about, trace, layout }, { width, height }, literal) {
  /** @param {Record<string, unknown>} given */
  const axis = (given) => ({ ...given, linecolor: "#999", color: INK.color });
  const subtitle = { text: literal(subtitleOf(about)), font: { size: 12 } };
  return {
    data: [trace],
    layout: {
      ...layout,
      width,
      height,
      margin: { l: 110, r: 20, t: 76, b: 100 },
      paper_bgcolor: "#fff",
      plot_bgcolor: "#fff",
      font: INK,
      shapes: [],
      xaxis: axis(layout.xaxis),
      yaxis: axis(layout.yaxis),
      title: { text: literal(titleOf(about)), subtitle, x: 0.02, font: { size: 17 } },
    },
  };
}
