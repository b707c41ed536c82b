// Saves the attention picture on screen; what it shows (model, text, layer, head, ...) is written into the file.
import { bytes } from "../../web/base64.js";
import { closest, download } from "../../web/dom.js";
import { cut } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { literal, plotly } from "../../web/plot.js";
import { withTexts } from "../../web/png.js";
import { latest } from "../../web/server.js";
import { described } from "../../web/svg.js";
import { shownRun } from "./asked.js";
import { fileName, printed } from "./printed_picture.js";
import { shownPicture } from "./shown_picture.js";

/** @typedef {import("./shown_picture.js").Picture} Picture */

const SIDE = 900;

/**
 * @param {Picture} picture
 * @param {"png" | "svg"} format
 */
async function file(picture, format) {
  const library = await plotly();
  const size = { width: SIDE, height: SIDE, scale: format === "png" ? 2 : 1 };
  const address = await library.toImage(printed(picture, size, literal), { format, ...size });
  const content = address.slice(address.indexOf(",") + 1);
  const { about } = picture;
  if (format === "png") {
    const texts = { Description: JSON.stringify(about) };
    return new Blob([withTexts(bytes(content), texts)], { type: "image/png" });
  }
  const title = _("Attention of {model}, {name}", { model: about.model, name: about.name });
  const svg = described(decodeURIComponent(content), { title, description: cut(about.text, 4000), metadata: about });
  return new Blob([svg], { type: "image/svg+xml" });
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const ask = latest(element);
  const { name } = shownRun(props);

  /** @param {string | undefined} format */
  async function save(format) {
    const picture = shownPicture(name);
    if (!picture || !format) return;
    const saved = fileName(picture.about, `.${format}`);
    if (format === "png" || format === "svg") download(saved, await file(picture, format));
    else if (format === "csv" || format === "json") {
      const { content } = await ask("table", { ...picture.question, format });
      download(saved, content, format === "csv" ? "text/csv" : "application/json");
    }
    element.dataset.saved = saved;
  }

  element.addEventListener("click", (event) => save(closest(event, "[data-save]")?.dataset.save));
}
