// The one menu that saves: it stands in every tab's corner and lists the pictures that are on the screen there.

import { closest, copy, download, find, h, isDark } from "../web/dom.js";
import { headlineOf } from "../web/headline.js";
import { _ } from "../web/language.js";
import { nextIndex } from "../web/roving.js";
import { formatsOf, offered } from "../web/saving/offer.js";
import { clear, fail, status } from "../web/status.js";
import { state } from "../web/store.js";
import { address } from "./address.js";

/** @typedef {import("../web/saving/offer.js").Format} Format */
/** @typedef {ReturnType<typeof offered>[number]} Offered */

/** What makes the files comes when the menu is opened: few visitors save anything in the first minute. */
const making = () => Promise.all([import("../web/saving/about.js"), import("../web/saving/files.js")]);

/** @type {Record<Format, () => string>} */
const NAMES = {
  png: () => _("Picture (PNG)"),
  svg: () => _("Drawing (SVG)"),
  html: () => _("Page that answers the pointer (HTML)"),
  csv: () => _("Numbers as a table (CSV)"),
  json: () => _("Numbers and settings (JSON)"),
  py: () => _("Copy as Python"),
};

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const menu = find(element, "details", HTMLDetailsElement);
  const pictures = find(element, ".save-pictures");
  const formats = find(element, ".save-formats");
  const looks = Object.fromEntries(
    ["dark", "code"].map((name) => [name, find(element, `[data-look=${name}]`, HTMLInputElement)]),
  );
  find(element, "details > div").append(find(element, ".view-status"));
  /** @type {Offered[]} */
  let found = [];
  let chosen = 0;
  let isLookChosen = false; // else a picture looks as the page does

  /** The pictures of this tab that can be seen now. */
  const look = () => offered(element.closest(".tabitem") ?? document.body);

  function open() {
    if (!menu.open) return mark(null);
    making().catch(() => null); // said when somebody saves
    const before = found[chosen]?.element;
    found = look();
    const again = found.findIndex((one) => one.element === before);
    const main = found.findIndex((one) => one.element.querySelector("[data-picture]"));
    if (!isLookChosen) looks.dark.checked = isDark();
    choose(Math.max(0, again >= 0 ? again : main));
  }

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    const choices = found.map(({ picture }, at) => {
      const props = { type: "button", role: "radio", "aria-checked": at === index, tabindex: at === index ? 0 : -1 };
      return h("button", { ...props, onclick: () => [choose(at), focusOn(at)] }, picture.name);
    });
    pictures.replaceChildren(...choices);
    pictures.hidden = found.length < 2;
    const wanted = found[index] ? formatsOf(found[index].picture) : [];
    formats.replaceChildren(...wanted.map((format) => h("button", { "data-format": format }, NAMES[format]())));
    if (!found.length) formats.append(_("There is no picture here yet."));
    const why = found[index]?.picture.why;
    if (why) formats.append(h("p", { class: "note" }, why));
    find(element, ".save-look").hidden = !found[index]?.picture.parts.length;
    mark(found[index] ?? null);
  }

  /** @param {number} at */
  const focusOn = (at) => /** @type {HTMLElement | undefined} */ (pictures.children[at])?.focus();

  /**
   * The picture that would be saved is framed on the page.
   * @param {Offered | null} wanted
   */
  function mark(wanted) {
    for (const framed of document.querySelectorAll(".to-be-saved")) framed.classList.remove("to-be-saved");
    for (const part of wanted?.picture.parts ?? []) part.classList.add("to-be-saved");
  }

  /** @param {Format} format */
  async function save(format) {
    const offer = look().find((one) => one.element === found[chosen].element);
    const { picture } = offer ?? found[chosen];
    const run = state[picture.run ?? "main"];
    if (!run) return;
    const beside = found[chosen].element.closest(".both-sides") ? state.other : null;
    const said = { headline: headlineOf(element), link: address().href, beside };
    const shown = { dark: looks.dark.checked, code: looks.code.checked };
    mark(null); // the frame is not part of the picture
    status(element, _("preparing the file"));
    try {
      const [{ aboutOf, fileName }, { fileOf, linesOf }] = await making();
      const order = { picture, about: aboutOf(picture, run, said), run, beside, look: shown };
      if (format === "py") status(element, await copied(linesOf(order)), "note");
      else {
        const name = `${fileName(run, picture)}.${format}`;
        download(name, await fileOf(format, order));
        status(element, _("Saved as {name}.", { name }), "note");
      }
    } catch (error) {
      fail(element, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} text */
  const copied = async (text) =>
    (await copy(text)) ? _("Copied.") : _("This browser does not let the page copy; save the numbers instead.");

  looks.dark.addEventListener("change", () => {
    isLookChosen = true;
  });
  menu.addEventListener("toggle", () => {
    clear(element);
    status(element, null);
    open();
  });
  formats.addEventListener("click", (event) => {
    const format = closest(event, "[data-format]")?.dataset.format;
    if (format) save(/** @type {Format} */ (format));
  });
  pictures.addEventListener("keydown", ({ key }) => {
    const to = nextIndex({ key, index: chosen, count: found.length, orientation: "both", perRow: 1, rtl: false });
    if (to === undefined) return;
    choose(to);
    focusOn(to);
  });
}
