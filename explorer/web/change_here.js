// Changes at what lies under the hand: a menu by the second mouse button, the menu key, or a finger that stays.
import { changeName } from "./change_names.js";
import { addChange } from "./changes.js";
import { h } from "./dom.js";
import { _ } from "./language.js";
import { nextIndex } from "./roving.js";

/** @typedef {import("./store.js").Change} Change */
/**
 * What can be changed at a place: its name, the changes in their own words, and what else stands below them.
 * @typedef {{ title: string, changes: readonly Change[], more?: readonly Node[] }} Offer
 */

const HELD_MS = 550; // a finger that stays so long asks for the menu
const STRAYED = 10; // pixels by which it may move meanwhile
const EDGE = 8; // pixels between the menu and the edge of the window

/** @type {{ node: HTMLElement, back: HTMLElement | null } | null} */
let opened = null;

/** Closes the menu that is open; the focus goes back to where it came from. */
export function closeChanges() {
  if (!opened) return;
  const { node, back } = opened;
  opened = null;
  const isInside = node.contains(document.activeElement);
  node.remove();
  if (isInside && back?.isConnected) back.focus();
}

/**
 * Lets changes be made at the parts of a picture; where nothing is offered the browser's own menu opens.
 * @param {HTMLElement} root
 * @param {(event: Event) => Offer | null} offerAt  what is offered at the place of an event
 */
export function changesHere(root, offerAt) {
  /** @type {{ x: number, y: number, timer: number } | null} */
  let held = null;
  let isLifted = true; // the click that ends a long press chooses nothing

  const release = () => {
    if (held) clearTimeout(held.timer);
    held = null;
  };
  root.addEventListener("contextmenu", (event) => {
    const offer = offerAt(event);
    if (!offer) return;
    event.preventDefault();
    release();
    if (!opened) openChanges(offer, pointOf(event));
  });
  root.addEventListener("keydown", (event) => {
    const isAsked = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    const offer = isAsked ? offerAt(event) : null;
    if (!offer) return;
    event.preventDefault();
    openChanges(offer, pointOf(event));
  });
  root.addEventListener("pointerdown", (event) => {
    isLifted = true;
    if (event.pointerType !== "touch") return;
    const at = { x: event.clientX, y: event.clientY };
    const timer = window.setTimeout(() => {
      const offer = opened ? null : offerAt(event);
      if (offer) openChanges(offer, at);
      isLifted = !offer;
    }, HELD_MS);
    held = { ...at, timer };
  });
  root.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (held && Math.hypot(clientX - held.x, clientY - held.y) > STRAYED) release();
  });
  for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, release);
  root.addEventListener(
    "click",
    (event) => {
      if (isLifted) return;
      isLifted = true;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}

/**
 * Where the menu opens: at the pointer, or, asked for by a key, at what has the focus.
 * @param {MouseEvent | KeyboardEvent} event
 */
function pointOf(event) {
  if (event instanceof MouseEvent && (event.clientX || event.clientY)) return { x: event.clientX, y: event.clientY };
  const target = event.target instanceof Element ? event.target : document.body;
  const { left, bottom } = target.getBoundingClientRect();
  return { x: left, y: bottom };
}

/**
 * Opens the menu at a point of the window.
 * @param {Offer} offer
 * @param {{ x: number, y: number }} at
 */
export function openChanges({ title, changes, more = [] }, at) {
  closeChanges();
  const choose = (/** @type {Change} */ change) => {
    closeChanges();
    addChange(change);
  };
  const items = changes.map((change) =>
    h("button", { class: "change-choice", role: "menuitem", onclick: () => choose(change) }, changeName(change)),
  );
  const menu = h("div", { role: "menu", class: "change-choices", "aria-label": title }, ...items);
  const node = h(
    "div",
    { class: "change-here view", role: "dialog", "aria-label": _("Change the model: {what}", { what: title }) },
    h("p", { class: "change-title", dir: "auto" }, title),
    menu,
    ...more,
  );
  menu.addEventListener("keydown", (event) => {
    const index = items.findIndex((one) => one === document.activeElement);
    const to = nextIndex({ key: event.key, index, count: items.length, orientation: "column" });
    if (to === undefined || index < 0) return;
    event.preventDefault();
    items[to].focus();
  });
  node.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the page's own keys are about the picture below
    if (event.key !== "Escape") return;
    event.preventDefault();
    closeChanges();
  });
  const back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  (document.querySelector(".gradio-container") ?? document.body).append(node);
  const room = { x: innerWidth - node.offsetWidth - EDGE, y: innerHeight - node.offsetHeight - EDGE };
  node.style.left = `${Math.max(EDGE, Math.min(at.x, room.x))}px`;
  node.style.top = `${Math.max(EDGE, Math.min(at.y, room.y))}px`;
  opened = { node, back };
  const first = node.querySelector("button, input");
  if (first instanceof HTMLElement) first.focus();
}

const outside = (/** @type {Event} */ event) => {
  if (opened && !(event.target instanceof Node && opened.node.contains(event.target))) closeChanges();
};
if (typeof document !== "undefined") {
  document.addEventListener("pointerdown", outside, { capture: true });
  document.addEventListener("wheel", outside, { capture: true, passive: true });
  window.addEventListener("resize", closeChanges);
  window.addEventListener("blur", closeChanges);
}
