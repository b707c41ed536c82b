// Plotly's figures in the page's colours. The script, 4.6 MB, comes with the first figure that is drawn.

import { cssVariable } from "./colour.js";
import { config } from "./configuration.js";
import { onResize, onTheme } from "./dom.js";
import { _ } from "./language.js";

/** @typedef {Record<string, any>} Layout */
/**
 * A figure as Plotly takes it; `name` is that of the file a visitor saves.
 * @typedef {{data: Record<string, any>[], layout?: Layout, name?: string, options?: Record<string, unknown>}} Figure
 */
/**
 * An element that Plotly has drawn in.
 * @typedef {HTMLElement & {data?: unknown, _fullLayout?: any, _context?: any,
 *   on?: (event: string, listener: (event: any) => void) => void}} Plot
 */
/**
 * What is used of Plotly.
 * @typedef {object} Plotly
 * @property {(place: Element, data: object[], layout: Layout, options?: object) => Promise<Plot>} react
 * @property {(place: Element, change: Layout) => Promise<Plot>} relayout
 * @property {(place: Element) => void} purge
 * @property {(figure: object, options: object) => Promise<string>} toImage
 * @property {{resize: (place: Element) => Promise<void>}} Plots
 */

/** @type {Promise<Plotly> | undefined} */
let loading;

/** Plotly, loaded when it is first asked for. */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(config.plotly, document.baseURI).href;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      loading = undefined;
      script.remove();
      reject(new Error(_("The figures' script could not be loaded. Check the connection, then try again.")));
    };
    document.head.append(script);
  });
  return loading;
}

/**
 * A layout in the page's colours; what it says itself about colours of its own stays.
 * @param {Layout} layout
 * @param {(name: string) => string} read the value of a CSS variable
 * @returns {Layout}
 */
export function themed(layout, read) {
  const line = read("--border-color-primary");
  const ink = read("--body-text-color");
  const hover = { bgcolor: read("--background-fill-primary"), font: { color: ink } };
  const axes = ["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d+$/.test(key))];
  const lines = { gridcolor: line, zerolinecolor: line, linecolor: line };
  return {
    ...layout,
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    uirevision: layout.uirevision ?? "kept",
    font: { family: read("--font"), size: Number.parseFloat(read("--picture-text")) || 14, ...layout.font, color: ink },
    hoverlabel: { ...hover, ...layout.hoverlabel },
    ...Object.fromEntries(axes.map((key) => [key, { ...layout[key], ...lines }])),
  };
}

/** @param {Figure} figure */
const optionsOf = ({ name, options }) => ({
  displaylogo: false,
  responsive: false,
  modeBarButtonsToRemove: ["sendChartToCloud"],
  toImageButtonOptions: { format: "png", scale: 2, filename: name ?? "figure" },
  ...options,
});

/**
 * Draws with Plotly, and lets what it clips refer to this page whatever its address becomes: where a page has a base
 * address, as Gradio's has, Plotly writes the address of that moment into every clip, and a new link unclips it all.
 * @param {Plot} plot
 * @param {object[]} data
 * @param {Layout} layout
 * @param {object} options
 */
export async function painted(plot, data, layout, options) {
  const library = await plotly();
  await library.react(plot, data, layout, options);
  if (!plot._context?._baseUrl) return;
  plot._context._baseUrl = "";
  for (const clipped of plot.querySelectorAll("[clip-path]")) {
    const [id] = clipped.getAttribute("clip-path")?.match(/#[^')"]+/) ?? [];
    if (id) clipped.setAttribute("clip-path", `url(${id})`);
  }
}

/** @type {WeakMap<Element, Figure | null>} */
const shown = new WeakMap();

/**
 * Draws a figure, or takes it away; zoom and camera survive new data, and it follows the theme and the element's size.
 * `element.dataset.drawn` counts the drawings.
 * @param {HTMLElement} element
 * @param {Figure | null} figure
 */
export async function figure(element, figure) {
  if (!shown.has(element)) follow(element);
  shown.set(element, figure);
  await draw(element);
}

/** @param {HTMLElement} element */
async function draw(element) {
  const library = await plotly();
  const figure = shown.get(element);
  if (figure) await painted(element, figure.data, themed(figure.layout ?? {}, cssVariable), optionsOf(figure));
  else library.purge(element);
  element.dataset.drawn = figure ? String(Number(element.dataset.drawn ?? 0) + 1) : "0";
}

/** @param {HTMLElement} element */
function follow(element) {
  onTheme(element, () => draw(element));
  onResize(element, async () => {
    const library = await plotly();
    if (/** @type {Plot} */ (element).data) await library.Plots.resize(element);
  });
}

/**
 * Text as it is: Plotly reads a few tags and entities in its labels.
 * @param {string} text
 */
export const literal = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
