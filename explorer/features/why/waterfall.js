// A sum drawn as a waterfall: a row for each part, its bar beginning where the one before ended, the total last.
import { changesHere, openChanges } from "../../web/change_here.js";
import { closest, h } from "../../web/dom.js";
import { signed } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { nextIndex } from "../../web/roving.js";
import { ofHead, ofNeuron, ofPart } from "../../web/suggested_changes.js";
import { rowName, rowSentence } from "./contributions_words.js";
import { scaleOf } from "./waterfall_rows.js";

/** @typedef {import("./waterfall_rows.js").Row} Row */
/** @typedef {import("./waterfall_rows.js").Scale} Scale */
/**
 * @typedef {object} Options
 * @property {(opens: string) => void} onOpen
 * @property {() => void} onLeave  Escape or Backspace: one level up
 * @property {(sentence: string) => void} onPoint  what is said of the row under the pointer or the focus
 */

/**
 * @param {HTMLElement} place
 * @param {Options} options
 */
export function createWaterfall(place, { onOpen, onLeave, onPoint }) {
  /** @type {HTMLElement[]} */
  let nodes = [];
  /** @type {Row[]} */
  let shown = [];

  const indexOf = (/** @type {Event} */ event) => {
    const node = closest(event, ".fall-row");
    return node ? nodes.indexOf(node) : -1;
  };

  /** @param {Event} event */
  function point(event) {
    const index = indexOf(event);
    if (index >= 0) onPoint(nodes[index].dataset.tip ?? "");
  }

  place.addEventListener("click", (event) => {
    const opens = shown[indexOf(event)]?.opens;
    if (opens) onOpen(opens);
  });
  changesHere(place, (event) => {
    const row = shown[indexOf(event)];
    return row?.part ? offerOf(row.part, nodes[indexOf(event)].dataset.name ?? "") : null;
  });
  place.addEventListener("pointerover", point);
  place.addEventListener("focusin", point);
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" || event.key === "Backspace") {
      event.preventDefault();
      onLeave();
      return;
    }
    const to = nextIndex({ key: event.key, index: indexOf(event), count: nodes.length, orientation: "column" });
    if (to === undefined || indexOf(event) < 0) return;
    event.preventDefault();
    stopAt(to);
    nodes[to].focus();
  });

  /** @param {number} at */
  function stopAt(at) {
    for (const [index, node] of nodes.entries()) node.tabIndex = index === at ? 0 : -1;
  }

  return {
    /**
     * Draws the rows; `total` is what the last one is called.
     * @param {readonly Row[]} rows
     * @param {string} total
     */
    show(rows, total) {
      const scale = scaleOf(rows);
      const isFocused = place.contains(document.activeElement);
      shown = [...rows];
      const whole = rows[rows.length - 1].value;
      nodes = rows.map((row, index) => rowNode(row, index, scale, { name: rowName(row, total), total: whole }));
      place.replaceChildren(
        h(
          "ol",
          { class: "waterfall" },
          nodes.map((node, index) => h("li", null, node, changeButton(rows[index], node))),
        ),
      );
      stopAt(0);
      if (isFocused) nodes[0].focus();
    },
    /** Gives the focus to the first row, after what it stood on has gone. */
    focus: () => nodes[0]?.focus(),
  };
}

/**
 * How a part can be changed; null for what is no part of a block.
 * @param {import("../../web/calls.d.ts").PartAnswer} part
 * @param {string} title
 * @returns {import("../../web/change_here.js").Offer | null}
 */
function offerOf({ name, layer, head, neuron }, title) {
  if (layer === null) return null;
  const kind = name.startsWith("cross") ? "cross" : "self";
  /** @type {Record<string, () => import("../../web/store.js").Change[]>} */
  const changes = {
    head: () => ofHead({ kind, layer, head: head ?? 0 }),
    "cross-attention head": () => ofHead({ kind, layer, head: head ?? 0 }),
    attention: () => ofPart({ kind, layer, part: "attention" }),
    "cross-attention": () => ofPart({ kind, layer, part: "attention" }),
    "feed-forward": () => ofPart({ layer, part: "feed_forward" }),
    neuron: () => ofNeuron({ layer, neuron: neuron ?? 0 }),
  };
  return name in changes ? { title, changes: changes[name]() } : null;
}

/**
 * The button that opens the menu of a row, for hands without a second mouse button.
 * @param {Row} row
 * @param {HTMLElement} node
 */
function changeButton({ part }, node) {
  const name = node.dataset.name ?? "";
  const offer = part && offerOf(part, name);
  if (!offer) return null;
  const open = (/** @type {MouseEvent} */ { currentTarget }) => {
    const { left, bottom } = /** @type {Element} */ (currentTarget).getBoundingClientRect();
    openChanges(offer, { x: left, y: bottom });
  };
  const said = _("Change {part}", { part: name });
  return h(
    "button",
    { class: "fall-change unprinted", tabindex: -1, "aria-label": said, title: said, onclick: open },
    "⋯",
  );
}

/**
 * @param {Row} row
 * @param {number} index
 * @param {Scale} scale
 * @param {{ name: string, total: number }} whole
 */
function rowNode(row, index, { low, high, bars }, whole) {
  const share = (/** @type {number} */ value) => (100 * (value - low)) / (high - low);
  const { from, to } = bars[index];
  const [left, right] = [Math.min(from, to), Math.max(from, to)].map(share);
  const tip = rowSentence(row, bars[index], whole);
  const tone = row.kind === "total" ? "total" : row.value < 0 ? "less" : "more";
  const isLast = index >= bars.length - 2; // the total begins at nothing
  const track = h(
    "span",
    { class: "fall-track" },
    h("span", { class: "fall-zero", style: { left: `${share(0)}%` } }),
    isLast ? null : h("span", { class: "fall-link", style: { left: `${share(to)}%` } }),
    h("span", { class: `fall-bar is-${tone}`, style: { left: `${left}%`, width: `${right - left}%` } }),
  );
  const value = row.kind === "total" ? signed(row.value).replace(/^\+/, "") : signed(row.value);
  const marks = {
    "data-tip": tip,
    "aria-label": tip,
    "data-kind": row.kind,
    "data-opens": row.opens || null,
    "data-name": whole.name,
  };
  return h(
    "button",
    { class: "fall-row", ...marks, "aria-disabled": row.opens ? null : "true" },
    h(
      "span",
      { class: "fall-name", dir: "auto" },
      whole.name,
      row.opens ? h("i", { "aria-hidden": "true" }, " ›") : null,
    ),
    track,
    h("span", { class: "fall-value" }, value),
  );
}
