// Elements, list boxes, what the page looks like, files and the clipboard. Text becomes text, never markup.

import { firstStop, nextIndex } from "./roving.js";

/** @typedef {Node | string | number | false | null | undefined} Child */
/** @typedef {Record<string, unknown>} Props */

const SVG = "http://www.w3.org/2000/svg";
const KEPT_MS = 10_000; // how long a file that is being saved stays in memory

/**
 * What an attribute says for a value: null for none. ARIA spells its booleans out.
 * @param {string} name
 * @param {unknown} value
 */
export function attributeOf(name, value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" && !name.startsWith("aria-")) return value ? "" : null;
  return String(value);
}

/**
 * @param {Element} node
 * @param {Props} props
 */
function dress(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "style") Object.assign(/** @type {HTMLElement} */ (node).style, value);
    else {
      const text = attributeOf(name, value);
      if (text !== null) node.setAttribute(name, text);
    }
  }
}

/** @param {readonly (Child | readonly Child[])[]} children */
const nodes = (children) =>
  children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));

/**
 * An element: `h("button", { class: "action", onclick: run, "aria-pressed": false }, _("Run"))`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props | null} [props]
 * @param {...(Child | readonly Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  if (node instanceof HTMLButtonElement) node.type = "button";
  dress(node, props ?? {});
  node.append(...nodes(children));
  return node;
}

/**
 * The same for a part of an SVG picture.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props | null} [props]
 * @param {...(Child | readonly Child[])} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  dress(node, props ?? {});
  node.append(...nodes(children));
  return node;
}

/**
 * The one element that must be there: `find(element, ".odds", HTMLTableElement)`.
 * @template {Element} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`The view lacks its part ${selector}.`);
  return /** @type {Kind} */ (found);
}

/**
 * The part of a view that an event happened in: `closest(event, ".step")`.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}

// ---- list boxes -----------------------------------------------------------------------------------------------------
/**
 * @typedef {object} ListboxOptions
 * @property {() => readonly HTMLElement[]} items the options on the screen, in order
 * @property {() => number} selected the index of the chosen one, −1 for none
 * @property {(index: number, event: Event) => void} onSelect by click, Enter, space, and by arrows if they `follow`
 * @property {(index: number) => void} [onFocus] when the focus moves to an option
 * @property {import("./roving.js").Orientation} [orientation] which arrows move; both ways unless said otherwise
 * @property {boolean} [follow] whether moving selects at once, as it does unless said otherwise
 */

/**
 * A list of options of which one is chosen, with one tab stop, arrows, Home and End. Call `update` after the options or
 * the choice have changed: it gives new options their role and marks the chosen one.
 * @param {HTMLElement} root
 * @param {ListboxOptions} options
 */
export function listbox(root, { items, selected, onSelect, onFocus, orientation = "both", follow = true }) {
  /** @type {WeakSet<HTMLElement>} */
  const known = new WeakSet();
  /** @type {{chosen?: HTMLElement, stop?: HTMLElement}} */
  const marked = {};

  /** @param {HTMLElement} node */
  const prepare = (node) => {
    known.add(node);
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", "false");
    node.tabIndex = -1;
  };

  /** @param {HTMLElement | undefined} node */
  const setStop = (node) => {
    if (marked.stop && marked.stop !== node) marked.stop.tabIndex = -1;
    marked.stop = node;
    if (node) node.tabIndex = 0;
  };

  const update = () => {
    const list = items();
    for (const node of list) if (!known.has(node)) prepare(node);
    const index = selected();
    marked.chosen?.setAttribute("aria-selected", "false");
    marked.chosen = list[index];
    marked.chosen?.setAttribute("aria-selected", "true");
    setStop(list[firstStop(index, marked.stop ? list.indexOf(marked.stop) : -1, list.length)]);
  };

  /** @param {number} index */
  const focus = (index) => {
    const node = items()[index];
    setStop(node);
    node?.focus();
  };

  /** @param {Event} event */
  const indexOf = (event) => {
    const node = closest(event, "[role=option]");
    return node ? items().indexOf(node) : -1;
  };

  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    const index = indexOf(event);
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = event.key === "Enter" || event.key === " ";
    const to = chosen ? index : destination(event.key, index);
    if (to === undefined) return;
    event.preventDefault();
    if (chosen || (follow && to !== index)) onSelect(to, event);
    if (to !== index) focus(to);
  };

  /** @type {(key: string, index: number) => number | undefined} */
  const destination = (key, index) => {
    const list = items();
    const perRow = orientation === "grid" ? list.filter((one) => one.offsetTop === list[0].offsetTop).length : 1;
    // Options may stand in lines that are read from different sides.
    const rtl = getComputedStyle(list[index].parentElement ?? root).direction === "rtl";
    return nextIndex({ key, index, count: list.length, orientation, perRow, rtl });
  };

  if (!root.hasAttribute("role")) root.setAttribute("role", "listbox"); // a group may hold several lists
  root.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index >= 0) onSelect(index, event);
  });
  root.addEventListener("keydown", keyed);
  if (onFocus) root.addEventListener("focusin", (event) => indexOf(event) >= 0 && onFocus(indexOf(event)));
  update();
  return { update, focus, indexOf };
}

// ---- the page -------------------------------------------------------------------------------------------------------
export const isDark = () => document.body.classList.contains("dark");

/** @type {Map<Element, () => void>} */
const themed = new Map();
let wasDark = false;

function tellThemed() {
  if (isDark() === wasDark) return;
  wasDark = isDark();
  for (const [element, fn] of themed) {
    if (element.isConnected) fn();
    else themed.delete(element);
  }
}

/**
 * Calls `fn` when light turns to dark or back, as long as the element is on the page.
 * @param {Element} element
 * @param {() => void} fn
 */
export function onTheme(element, fn) {
  if (!themed.size) {
    wasDark = isDark();
    new MutationObserver(tellThemed).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  }
  const before = themed.get(element);
  themed.set(element, before ? () => [before(), fn()] : fn);
}

/**
 * Calls `fn` with the size of an element that is on the screen, now and when it has changed.
 * @param {Element} element
 * @param {(width: number, height: number) => void} fn
 */
export function onResize(element, fn) {
  let [width, height] = [0, 0];
  const observer = new ResizeObserver(() => {
    const { clientWidth, clientHeight } = element;
    if (!clientWidth || (clientWidth === width && clientHeight === height)) return;
    [width, height] = [clientWidth, clientHeight];
    fn(width, height);
  });
  observer.observe(element);
  return () => observer.disconnect();
}

// ---- files and clipboard --------------------------------------------------------------------------------------------
/**
 * Saves a file.
 * @param {string} name
 * @param {Blob | string} content
 * @param {string} [type]
 */
export function download(name, content, type = "text/plain") {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/**
 * Whether the text has been copied; where the clipboard may not be used, by way of a selection.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function copy(text) {
  if (!navigator.clipboard) return copyBySelection(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copyBySelection(text),
  );
}

/** @param {string} text */
function copyBySelection(text) {
  const focused = document.activeElement;
  const box = h("textarea", { "aria-hidden": true });
  box.value = text;
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
