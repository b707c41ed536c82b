// Which part of the tab is open: the store, and so a link, says it, and people change it.
import { closest, find } from "../../web/dom.js";
import { onChange, set, state } from "../../web/store.js";

/** @typedef {typeof state.embeddings_view} View */

/** @param {HTMLElement} tabs */
function open(tabs) {
  const tab = tabs.querySelector(`[data-tab-id="${CSS.escape(state.embeddings_view)}"]`);
  if (tab instanceof HTMLElement && tab.getAttribute("aria-selected") !== "true") tab.click();
}

/** Opens the part that is asked for, now and whenever another is. */
export function followView() {
  const tabs = find(document, "#embeddings-views");
  open(tabs);
  // Gradio's own event also tells of the first tab while the tabs are built.
  tabs.addEventListener("click", (event) => {
    const view = closest(event, "[role=tab][data-tab-id]")?.dataset.tabId;
    if (view) set({ embeddings_view: /** @type {View} */ (view) });
  });
  onChange((changed) => {
    if (changed.includes("embeddings_view")) open(tabs);
  });
}
