// The page's own buttons: large type, dark or light, presenting, the link, keys and words.
import { typedTexts } from "../web/controls.js";
import { copy, find, h, isDark } from "../web/dom.js";
import { _ } from "../web/language.js";
import { start } from "../web/runs.js";
import { state } from "../web/store.js";
import { tabButtons } from "../web/tabs.js";
import { leftOut, write } from "./address.js";
import { showKeys } from "./keys.js";
import { isPresenting, present } from "./present.js";
import { say } from "./saying.js";
import { saveView } from "./view_file.js";

const LARGE = "explorer-large-type";
const DARK = "explorer-dark";
const MISSING = {
  text: () => _("The text is too long for a link and is not in it."),
  choice: () => _("Something chosen or written here is too long for a link and is not in it."),
};

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

/** What is typed, where it differs from what was run. */
function typedAnew() {
  const run = state.main;
  if (!run) return null;
  const { text, target } = typedTexts();
  const isNew = text !== run.text || (run.kind === "encoder-decoder" && target !== run.target);
  return isNew ? { model: run.model, text, target: run.kind === "encoder-decoder" ? target : "" } : null;
}

/** Copies the link of what is on the page; a text that was typed but not run is run first. */
async function copyLink() {
  const typed = typedAnew();
  if (typed) {
    await start("main", typed, { typed: true });
    if (typedAnew()) return; // it was refused, and the page says why
  }
  write();
  const copied = await copy(location.href);
  const said = copied ? _("Link copied.") : _("Copy the address from the address bar.");
  const missing = leftOut();
  if (missing) say(MISSING[missing](), " ", button(_("Save as a file instead"), saveView));
  else say(said);
}

/**
 * @param {string} label
 * @param {() => void} onclick
 */
const button = (label, onclick) => h("button", { class: "action", onclick }, label);

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const large = find(element, "[data-action=large]", HTMLButtonElement);
  const dark = find(element, "[data-action=dark]", HTMLButtonElement);
  const asked = new URLSearchParams(location.search);

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

  large.addEventListener("click", () => {
    setLarge(large.getAttribute("aria-pressed") !== "true");
    remember(LARGE, large.getAttribute("aria-pressed") === "true");
  });
  dark.addEventListener("click", () => {
    setDark(!isDark());
    remember(DARK, isDark());
  });
  find(element, "[data-action=link]", HTMLButtonElement).addEventListener("click", copyLink);
  find(element, "[data-action=present]", HTMLButtonElement).addEventListener("click", () => present(!isPresenting()));
  find(element, "[data-action=keys]", HTMLButtonElement).addEventListener("click", showKeys);
  // Gradio's page has a base address, under which "#tabs" would load it anew.
  find(element, ".skip", HTMLAnchorElement).addEventListener("click", (event) => {
    event.preventDefault();
    tabButtons()
      .find((tab) => tab.getAttribute("aria-selected") === "true")
      ?.focus();
  });
  // Ctrl+Enter runs from anywhere on the page.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    document.getElementById("run")?.click();
  });
  // The address may ask for large type or a theme; else what was chosen before holds, else what the system prefers.
  setLarge((asked.get("large") ?? remembered(LARGE)) === "1");
  const wasDark = asked.has("__theme") ? null : remembered(DARK);
  setDark(wasDark === null ? isDark() : wasDark === "1");
}
