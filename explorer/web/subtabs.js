// Tabs inside a tab: which one is open is a choice in the store, and so in links; people change it by pressing.
import { closest, find } from "./dom.js";
import { onChange, set, state } from "./store.js";

/**
 * Opens the part that a choice names, now and whenever another is chosen.
 * @param {string} id  of Gradio's tabs
 * @param {keyof import("./calls.d.ts").Controls} key  the choice
 */
export function followParts(id, key) {
  const tabs = find(document, `#${id}`);

  function open() {
    const tab = tabs.querySelector(`[data-tab-id="${CSS.escape(String(state[key]))}"]`);
    if (!(tab instanceof HTMLElement)) return;
    if (tab.getAttribute("aria-selected") !== "true") tab.click();
    tab.scrollIntoView({ block: "nearest", inline: "nearest" }); // on a phone the strip is wider than the page
  }

  open();
  // Gradio's own event also tells of the first tab while the tabs are built.
  tabs.addEventListener("click", (event) => {
    const part = closest(event, "[role=tab][data-tab-id]")?.dataset.tabId;
    if (part) set({ [key]: part });
  });
  onChange((changed) => {
    if (changed.includes(key)) open();
  });
}
