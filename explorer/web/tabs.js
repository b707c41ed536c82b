// The tabs as the page shows them: Gradio owns them, this is how scripts go to one.

/** The strip's buttons that can be seen, in order. */
export function tabButtons() {
  const found = [...document.querySelectorAll("#tabs > .tab-wrapper [data-tab-id]")];
  return found.filter((tab) => tab instanceof HTMLElement).filter((tab) => !tab.hidden);
}

/**
 * Whether there is such a tab, for this model too.
 * @param {string} name  as in links
 */
export const hasTab = (name) => tabButtons().some(({ dataset }) => dataset.tabId === name);

/**
 * Does something with the tabs as soon as they are there: on a slow machine Gradio builds them after the views.
 * @param {() => void} fn
 */
export function whenListed(fn) {
  if (document.querySelector("#tabs > .tab-wrapper [data-tab-id]")) fn();
  else requestAnimationFrame(() => whenListed(fn));
}

/**
 * Goes to a tab; one that this model does not have, or that there is not, leaves the page where it is.
 * @param {string} name  as in links
 */
export function goTo(name) {
  const tab = tabButtons().find((button) => button.dataset.tabId === name);
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}
