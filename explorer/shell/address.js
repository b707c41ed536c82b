// The address of what is on the page.
import { config } from "../web/configuration.js";
import { state } from "../web/store.js";
import { ownKeys, parts, tooLong } from "./link.js";

// What makes another page of the browser's history; everything else changes the page one is on.
const PAGES = ["tab", "model", "text", "target", "changes", "other_model", "other_text", "layer", "head", "kind"];

/** @type {string | null} */
let page = null;

/** The address that opens what is on the page now; what others put into the address stays. */
export function address() {
  const url = new URL(location.href);
  for (const key of ownKeys(config.controls)) url.searchParams.delete(key);
  const found = parts(state, config.controls, config.linkCharacters);
  for (const [key, value] of Object.entries(found)) url.searchParams.set(key, value);
  return url;
}

/**
 * No tab is the first one: going back to it is not another page.
 * @param {URL} url
 */
function pageOf({ searchParams }) {
  const firsts = new Map([["tab", config.tabs[0]?.name]]);
  return JSON.stringify(PAGES.map((key) => searchParams.get(key) ?? firsts.get(key) ?? null));
}

/** Writes it into the address bar: Back goes to the tab, text or head before. */
export function write() {
  const url = address();
  const next = pageOf(url);
  if (page === null || page === next) history.replaceState(history.state, "", url);
  else history.pushState(null, "", url);
  page = next;
}

/** The browser went back or forward: the page it shows is the one to go on from. */
export function arrived() {
  page = pageOf(new URL(location.href));
}

/** What is left out of the address because it is too long. */
export const leftOut = () => tooLong(state, config.controls, config.linkCharacters);
