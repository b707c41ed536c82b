// Saved views: what a teacher steps through. They stay in this browser, as links do, and hold no more than a link.
import { _, number } from "../web/language.js";
import { address } from "./address.js";
import { apply } from "./apply.js";

const KEY = "explorer-views";
let at = -1;

/** @returns {string[]} */
function saved() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string[]} views */
function keep(views) {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
}

/** Adds what is on the page; gives the sentence that says so. */
export function addView() {
  const views = [...saved(), address().search];
  at = views.length - 1;
  return keep(views)
    ? _("Saved as view {number}; Page Down steps through them.", { number: number(views.length) })
    : _("This browser keeps nothing; copy the link instead.");
}

/** Forgets all saved views. */
export function forgetViews() {
  at = -1;
  keep([]);
  return _("The saved views are forgotten.");
}

/**
 * Shows the next saved view, around the end; whether there is one.
 * @param {number} by
 */
export function nextView(by) {
  const views = saved();
  if (!views.length) return false;
  at = (at + by + views.length) % views.length;
  apply(new URLSearchParams(views[at]));
  return true;
}
