// A view as a file, for what is too long for an address. It is read in the browser and believed no more than a link.
import { config } from "../web/configuration.js";
import { download } from "../web/dom.js";
import { _ } from "../web/language.js";
import { set, state } from "../web/store.js";
import { apply } from "./apply.js";
import { parts } from "./link.js";

const MOST_BYTES = 2_000_000;

/** Saves what is on the page, however long its text is. */
export function saveView() {
  const view = { explorer: 1, view: parts(state, config.controls, Infinity) };
  download("view.explorer.json", JSON.stringify(view, null, 1), "application/json");
}

/**
 * Shows what a file says.
 * @param {File} file
 */
export async function openView(file) {
  const found = file.size <= MOST_BYTES ? viewIn(await file.text()) : null;
  if (found) await apply(found, MOST_BYTES);
  else set({ progress: { sentence: _("This file holds no saved view; choose one that was saved here.") } });
}

/**
 * The view in a file's text, as a link would say it; null where there is none.
 * @param {string} text
 */
export function viewIn(text) {
  try {
    const { explorer, view } = JSON.parse(text);
    if (explorer !== 1 || typeof view !== "object" || view === null) return null;
    const said = Object.entries(view).filter(([, value]) => typeof value === "string");
    return new URLSearchParams(/** @type {[string, string][]} */ (said));
  } catch {
    return null;
  }
}

/** Asks for a file and opens it. */
export function pickView() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.addEventListener("change", () => input.files?.[0] && openView(input.files[0]));
  input.click();
}

/** A file dropped on the page is opened. */
export function watchDrops() {
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    openView(file);
  });
}
