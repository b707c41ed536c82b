// Going from tab to tab: Gradio owns the strip, so that a script goes where a click would.
import { set, state } from "./store.js";

/**
 * Opens a tab, with what is to be chosen there.
 * @param {string} name  as links call it
 * @param {Partial<import("./store.js").State>} [chosen]
 */
export function goToTab(name, chosen = {}) {
  set({ ...chosen, tab: name });
  showTab();
}

/** Brings the tab that the store names to the front, if the strip has it and it is not there yet. */
export function showTab() {
  const tab = state.tab && document.querySelector(`#tabs [data-tab-id="${CSS.escape(state.tab)}"]`);
  if (tab instanceof HTMLElement && tab.getAttribute("aria-selected") !== "true") tab.click();
}
