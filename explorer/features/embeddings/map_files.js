// A map as files: picture, drawing, document, table.
import { download } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { mapDocument } from "../../web/map/document.js";
import { call } from "../../web/server.js";
import { fail, status } from "../../web/status.js";
import { state } from "../../web/store.js";
import { projectionIn } from "./map_request.js";

/** @typedef {import("../../web/calls.d.ts").MapPoints} MapPoints */
/** @typedef {import("./scatter.js").Scatter} Scatter */
/** @typedef {{ png: () => Promise<Blob>, svg: (title: string) => string }} Pictured */

const BYTE_ORDER_MARK = "\ufeff"; // without it, spreadsheets read UTF-8 as something else

/**
 * @param {Pictured} map
 * @param {string} name  of the file
 * @param {string} title
 */
export const pictures = (map, name, title) => ({
  png: async () => download(`${name}.png`, await map.png()),
  svg: async () => download(`${name}.svg`, map.svg(title), "image/svg+xml"),
});

/**
 * @param {Scatter} scatter
 * @param {MapPoints} drawn
 * @returns {Record<string, () => Promise<void>>}
 */
function filesOf({ map, points, names }, drawn) {
  return {
    ...pictures(map, "embeddings", drawn.title),
    async csv() {
      const { text } = await call("map_table", projectionIn(state));
      download("embeddings.csv", BYTE_ORDER_MARK + text, "text/csv");
    },
    async html() {
      const rows = points.all();
      await names.fetch(rows);
      const about = { title: drawn.title, caption: drawn.caption, names: rows.map((row) => names.label(row) ?? "") };
      download("embeddings.html", await mapDocument(map, about), "text/html");
    },
  };
}

/**
 * @param {Scatter} scatter
 * @param {MapPoints} drawn
 * @param {string} kind
 */
export async function save(scatter, drawn, kind) {
  const { element } = scatter;
  status(element, _("preparing the file"));
  try {
    await filesOf(scatter, drawn)[kind]();
    status(element, null);
  } catch (error) {
    fail(element, error instanceof Error ? error.message : String(error));
  }
}
