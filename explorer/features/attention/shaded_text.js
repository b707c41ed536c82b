// The text shaded by attention: one token is chosen, the others show how much it looks at them, or they at it.
import { floats } from "../../web/base64.js";
import { shade as colour } from "../../web/colour.js";
import { setControls } from "../../web/controls.js";
import { closest, find, h, listbox } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { set, state, subscribe } from "../../web/store.js";
import { PATTERN_KEYS, positionNow, rowOf, shapeOf, shownRun, stacksNow, tokensOf } from "./asked.js";
import { savedShading } from "./saved.js";
import { peakOf, spread, weightText } from "./shading.js";
import { wordOf } from "./words.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("../../web/calls.d.ts").ShadingAnswer} ShadingAnswer */
/** @typedef {import("./asked.js").Stack} Stack */
/** @typedef {{ row: HTMLElement, name: HTMLElement, text: HTMLElement }} Side */
/**
 * @typedef {object} Shaded
 * @property {HTMLElement} element
 * @property {any} props
 * @property {Side} chosen
 * @property {Side} other  the other text, in cross attention
 * @property {ReturnType<typeof latest>} ask
 * @property {ReturnType<typeof listbox> | null} list
 * @property {string} built  which texts are on screen
 * @property {Float32Array | null} weights  of each token of the other text
 */

const MANY = 36; // tokens from which tiles are smaller
const EDGE = 3; // pixels of the strip's padding

// ---- which texts ----------------------------------------------------------------------------------------------------

/**
 * @param {RunFacts} run
 * @param {number} position
 */
function choose(run, position) {
  const stack = stacksNow(run).chosen;
  const last = tokensOf(run, stack).length - 1;
  set({ token: { stack, position: Math.max(0, Math.min(last, position)) } });
}

// ---- tokens ---------------------------------------------------------------------------------------------------------

/**
 * @param {TokenRow} token
 * @param {number} position
 * @param {readonly TokenRow[]} tokens
 */
function cell(token, position, tokens) {
  const isRepeated = position > 0 && tokens[position - 1].group === token.group;
  const marks = { "data-special": token.special, "data-position": position };
  return h("span", { class: "shade-cell", dir: "auto", ...marks }, isRepeated ? "·" : wordOf([token]));
}

/** @param {Stack} stack */
const heading = (stack) => (stack === "target" ? _("Target") : _("Source"));

/**
 * @param {Shaded} view
 * @param {RunFacts} run
 */
function build(view, run) {
  const { chosen, other } = stacksNow(run);
  const name = [run.run, chosen, other].join("/");
  if (name === view.built) return;
  view.built = name;
  const same = chosen === other;
  view.other.row.hidden = same;
  view.chosen.name.textContent = same ? "" : heading(chosen);
  view.other.name.textContent = same ? "" : heading(other);
  view.chosen.text.replaceChildren(...tokensOf(run, chosen).map(cell));
  view.other.text.replaceChildren(...(same ? [] : tokensOf(run, other).map(cell)));
  for (const node of view.other.text.children) node.setAttribute("role", "listitem");
  view.element.dataset.many = String(!same || tokensOf(run, chosen).length > MANY);
  view.list?.update();
}

/** @param {Side} side */
const cellsOf = ({ text }) => /** @type {HTMLElement[]} */ ([...text.children]);

// ---- shading --------------------------------------------------------------------------------------------------------

/**
 * @param {Shaded} view
 * @param {RunFacts} run
 * @param {ShadingAnswer} answer
 */
function show(view, run, answer) {
  const { chosen, other } = stacksNow(run);
  const weights = floats(answer.weights);
  const perToken = spread(weights, answer.groups, tokensOf(run, other).length);
  const peak = peakOf(perToken);
  view.weights = perToken;
  for (const [position, node] of cellsOf(chosen === other ? view.chosen : view.other).entries()) {
    const weight = perToken[position];
    colour(node, weight > 0 ? Math.sqrt(weight / peak) : null);
    node.title = Number.isNaN(weight) ? _("left out") : weightText(weight, answer.unit);
    node.toggleAttribute("data-later", !(weight > 0));
  }
  mark(view, answer);
  const { drawn = "0" } = view.element.dataset;
  const told = { drawn: String(Number(drawn) + 1), position: String(positionNow(run)), peak: String(peak) };
  Object.assign(view.element.dataset, told);
}

/**
 * @param {Shaded} view
 * @param {ShadingAnswer} answer
 */
function mark(view, { chosen: [first, last] }) {
  for (const [position, node] of cellsOf(view.chosen).entries()) {
    node.toggleAttribute("data-marked", position >= first && position < last);
  }
  view.list?.update();
  const current = view.chosen.text.querySelector('[aria-selected="true"]');
  if (!(current instanceof HTMLElement)) return;
  if (view.chosen.text.contains(document.activeElement)) current.focus();
  keepInSight(view.chosen.text, current);
}

/**
 * A long text scrolls in its own strip, the page stays.
 * @param {HTMLElement} strip
 * @param {HTMLElement} node
 */
function keepInSight(strip, node) {
  const [outer, inner] = [strip.getBoundingClientRect(), node.getBoundingClientRect()];
  if (inner.top < outer.top + EDGE) strip.scrollTop -= outer.top + EDGE - inner.top;
  else if (inner.bottom > outer.bottom - EDGE) strip.scrollTop += inner.bottom + EDGE - outer.bottom;
}

// ---- asking ---------------------------------------------------------------------------------------------------------

/** @param {Shaded} view */
async function update(view) {
  const { run } = shownRun(view.props);
  if (!run) return;
  build(view, run);
  show(view, run, await view.ask("shading", rowOf(run)));
}

// ---- hands ----------------------------------------------------------------------------------------------------------

/**
 * Up and down change the layer, page up and down the head; the list itself knows the other keys.
 * @param {RunFacts} run
 * @param {string} key
 */
function step(run, key) {
  const { layers, heads } = shapeOf(run);
  /** @type {(value: number, count: number) => number} */
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  if (key === "ArrowUp" || key === "ArrowDown")
    set({ layer: within(state.layer + (key === "ArrowUp" ? -1 : 1), layers) });
  else if (key === "PageUp" || key === "PageDown")
    set({ head: within(state.head + (key === "PageUp" ? -1 : 1), heads) });
  else return false;
  return true;
}

/**
 * A token of the other text: look from there, which turns the direction round.
 * @param {Shaded} view
 * @param {RunFacts} run
 * @param {HTMLElement} node
 */
function lookFrom(view, run, node) {
  const token = { stack: stacksNow(run).other, position: cellsOf(view.other).indexOf(node) };
  setControls({ attention_direction: state.attention_direction === "to" ? "from" : "to", token });
}

/** @param {Event} event */
const isTyping = ({ target }) => target instanceof Element && target.closest("input, textarea, select") !== null;

/** @param {Shaded} view */
function listen(view) {
  const { chosen, other, element, props } = view;
  chosen.text.addEventListener("keydown", (event) => {
    const { run } = shownRun(props);
    if (!run || event.ctrlKey || event.altKey || event.metaKey || !step(run, event.key)) return;
    event.preventDefault();
  });
  other.text.addEventListener("click", (event) => {
    const { run } = shownRun(props);
    const node = closest(event, ".shade-cell");
    if (run && node) lookFrom(view, run, node);
  });
  document.addEventListener("keydown", (event) => {
    const { run } = shownRun(props);
    const by = event.key === "]" ? 1 : event.key === "[" ? -1 : 0;
    if (!run || !by || event.defaultPrevented || event.ctrlKey || event.metaKey || isTyping(event)) return;
    if (!element.getClientRects().length) return;
    event.preventDefault();
    choose(run, positionNow(run) + by);
  });
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @returns {Side}
 */
function sideOf(element, name) {
  const row = find(element, `.shade-row[data-side="${name}"]`);
  return { row, name: find(row, ".shade-name"), text: find(row, ".shade-text") };
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const sides = { chosen: sideOf(element, "chosen"), other: sideOf(element, "other") };
  /** @type {Shaded} */
  const view = { element, props, ...sides, ask: latest(element), list: null, built: "", weights: null };
  const { name } = shownRun(props);
  view.list = listbox(view.chosen.text, {
    items: () => cellsOf(view.chosen),
    selected: () => {
      const { run } = shownRun(props);
      return run ? positionNow(run) : -1;
    },
    onSelect: (index) => {
      const { run } = shownRun(props);
      if (run) choose(run, index);
    },
    orientation: "row",
  });
  listen(view);
  savable(element, () => {
    const { run } = shownRun(props);
    return run && view.weights && savedShading(run, view.weights, [view.chosen.row, view.other.row]);
  });
  subscribe(element, () => update(view), [name, "token", "attention_direction", ...PATTERN_KEYS]);
}
