// A saved sheet in a document of its own: what one points at is said at once, and the numbers stand below.
import { find, h } from "../dom.js";
import { _ } from "../language.js";
import { columnsOf } from "./table.js";

/** @typedef {import("./offer.js").Row} Row */

const MOST_ROWS = 2_000;
const AWAY = 14; // pixels from the pointer

/** @param {{ svg: string, rows: Row[], link: string }} saved */
export function open({ svg, rows, link }) {
  const picture = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  const pointed = h("div", { class: "pointed", role: "status" });
  const away = h("a", { href: link }, _("Open in the explorer"));
  find(document, "main").append(picture, pointed, h("p", null, away), numbers(rows));
  const tips = titles(picture);

  picture.addEventListener("pointermove", (event) => {
    const { target, clientX, clientY } = /** @type {PointerEvent} */ (event);
    const group = target instanceof Element ? target.closest("[data-tip]") : null;
    pointed.textContent = group ? (tips.get(group) ?? "") : "";
    const left = Math.min(clientX + AWAY, innerWidth - pointed.offsetWidth - AWAY);
    Object.assign(pointed.style, { left: `${left}px`, top: `${clientY + AWAY}px` });
  });
  picture.addEventListener("pointerleave", () => pointed.replaceChildren());
}

/**
 * The titles of a picture's parts, taken out of it: the browser would show them too, a second later.
 * @param {Element} picture
 */
function titles(picture) {
  /** @type {Map<Element, string>} */
  const tips = new Map();
  for (const title of picture.querySelectorAll(":scope * > title")) {
    const group = title.parentElement;
    if (!group) continue;
    tips.set(group, title.textContent ?? "");
    group.setAttribute("data-tip", "");
    title.remove();
  }
  return tips;
}

/** @param {Row[]} rows */
function numbers(rows) {
  const columns = columnsOf(rows);
  const lines = rows.slice(0, MOST_ROWS).map((row) => {
    return h("tr", null, ...columns.map((column) => h("td", { dir: "auto" }, String(row[column] ?? ""))));
  });
  const head = h("tr", null, ...columns.map((column) => h("th", { scope: "col" }, column)));
  const table = h("table", null, h("thead", null, head), h("tbody", null, ...lines));
  return h("details", null, h("summary", null, _("The numbers")), h("div", { class: "numbers" }, table));
}
