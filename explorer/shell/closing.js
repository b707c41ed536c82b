// Tabs that a model has nothing for: their views are put away, so that none of them asks, and one sentence says why.
import { config } from "../web/configuration.js";
import { onChange, state } from "../web/store.js";

/**
 * Why a tab has nothing to show of the run on the page; "" where it has.
 * @param {string} name
 */
export function reasonFor(name) {
  const closed = state.main?.closed ?? {};
  const needs = config.tabs.find((tab) => tab.name === name)?.needs ?? [];
  return needs.map((need) => closed[need]).find(Boolean) ?? "";
}

/** Puts the views of such tabs away from now on; at once, before any of them hears of the run. */
export function closeTabs() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  onChange((changed) => {
    if (!changed.includes("main")) return;
    const names = config.tabs.map((tab) => tab.name).filter(reasonFor);
    sheet.replaceSync(names.map(putAway).join("\n"));
  });
}

/** @param {string} name */
const putAway = (name) => `#tab-${name} > .column > :not(.question, :has(.view-closed)) { display: none !important; }`;
