// The title, the link button, dark or light, and large type for projectors.
import { copy, find, isDark } from "../web/dom.js";
import { _ } from "../web/language.js";
import { status } from "../web/status.js";
import { isPartial, write } from "./address.js";

const LARGE = "explorer-large-type";
const DARK = "explorer-dark";

/**
 * What a visitor chose is kept in the browser; a private window forgets it with the page.
 * @param {string} key
 * @param {boolean} on
 */
function remember(key, on) {
  try {
    localStorage.setItem(key, on ? "1" : "0");
  } catch {
    /* not allowed here */
  }
}

/** @param {string} key */
function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const large = find(element, "[data-action=large]", HTMLButtonElement);
  const dark = find(element, "[data-action=dark]", HTMLButtonElement);
  const link = find(element, "[data-action=link]", HTMLButtonElement);

  /** @param {boolean} on */
  function setLarge(on) {
    document.documentElement.classList.toggle("large-type", on);
    large.setAttribute("aria-pressed", String(on));
  }

  /** @param {boolean} on */
  function setDark(on) {
    document.body.classList.toggle("dark", on);
    dark.setAttribute("aria-pressed", String(on));
  }

  async function copyLink() {
    write();
    const copied = await copy(location.href);
    const said = copied ? _("Link copied.") : _("Copy the address from the address bar.");
    const partial = isPartial() ? _("The text is too long for a link and is not in it.") : "";
    status(element, [said, partial].filter(Boolean).join(" "), "note");
  }

  large.addEventListener("click", () => {
    setLarge(large.getAttribute("aria-pressed") !== "true");
    remember(LARGE, large.getAttribute("aria-pressed") === "true");
  });
  dark.addEventListener("click", () => {
    setDark(!isDark());
    remember(DARK, isDark());
  });
  link.addEventListener("click", copyLink);
  // Ctrl+Enter runs from anywhere on the page.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    document.getElementById("run")?.click();
  });
  setLarge(remembered(LARGE) === "1");
  // The address may ask for a theme; else what was chosen before holds, else what the system prefers.
  const asked = new URLSearchParams(location.search).has("__theme") ? null : remembered(DARK);
  setDark(asked === null ? isDark() : asked === "1");
}
