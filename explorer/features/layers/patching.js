// Changes made at a cell: steering toward what would be said there, and its residual put in from another text's run.

import { changesHere, closeChanges } from "../../web/change_here.js";
import { addChange } from "../../web/changes.js";
import { closest, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { state } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";
import { cellAt } from "./grid.js";

/** @typedef {import("../../web/store.js").Change} Change */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./grid.js").Place} Place */
/** @typedef {{ id: number, text: string, special: boolean }} Word */
/** @typedef {Place & { model: string, text: string, target: string }} Dragged */

const STRENGTH = 0.5; // of the residual's length
const FORMAT = "application/x-residual";

/**
 * Toward a word, and away from it.
 * @param {Word} best
 * @param {number} depth
 * @returns {Change[]}
 */
export function steering({ id, text, special }, depth) {
  const word = special || !text.trim() ? `#${id}` : text;
  return [
    { kind: "steer", depth, toward: word, strength: STRENGTH },
    { kind: "steer", depth, toward: word, strength: -STRENGTH },
  ];
}

/**
 * The residual at a place put in from another text's run.
 * @param {Place} place
 * @param {{ text: string, target?: string }} donor
 * @param {number} [from]  the position in the other text, where it is another
 * @returns {Change}
 */
export const patchOf = ({ depth, position }, { text, target }, from = position) => ({
  ...{ kind: "patch", of: "residual", depth, position, text },
  ...(target ? { target } : {}),
  ...(from === position ? {} : { from_position: from }),
});

/**
 * A box for another text, whose residual at this place is put in; it begins with the text that is compared with.
 * @param {Place} place
 * @param {RunFacts} run
 */
export function patchForm(place, run) {
  const other = state.other?.model === run.model ? state.other : null;
  const label = _("Put in what another text has here");
  const input = h("input", {
    name: "text",
    "aria-label": label,
    placeholder: run.text,
    autocomplete: "off",
    dir: "auto",
  });
  input.value = other?.text ?? "";
  const put = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!input.value) return input.focus();
    closeChanges();
    const target = other?.text === input.value ? other.target : run.target;
    return void addChange(patchOf(place, { text: input.value, target }));
  };
  const button = h("button", { class: "action", type: "submit" }, _("Put it in"));
  return h("form", { class: "change-form", onsubmit: put }, h("span", null, label), input, button);
}

/** @param {Event} event */
function placeAt(event) {
  const cell = closest(event, ".layers-cell");
  return cell ? { depth: Number(cell.dataset.depth), position: Number(cell.dataset.position) } : null;
}

/**
 * A menu at every cell, and cells that are dragged into another column, of this grid or of another text's.
 * @param {HTMLElement} root
 * @param {object} given
 * @param {() => RunFacts | null} given.run  whose grid it is
 * @param {(place: Place) => { best: Word, token: import("../../web/calls.d.ts").TokenRow } | null} given.at
 * @param {boolean} given.isMain  whether changes are made to this grid's run
 */
export function patching(root, { run, at, isMain }) {
  root.addEventListener("dragstart", (event) => {
    const [place, facts] = [placeAt(event), run()];
    if (!place || !facts || !at(place)) return event.preventDefault();
    const { model, text, target } = facts;
    event.dataTransfer?.setData(FORMAT, JSON.stringify({ ...place, model, text, target }));
    dragged = { ...place, model, text, target };
    return undefined;
  });
  root.addEventListener("dragend", () => lift(root));
  if (!isMain) return;
  changesHere(root, (event) => {
    const [place, facts] = [placeAt(event), run()];
    const cell = place && at(place);
    if (!facts || !place || !cell) return null;
    const title = _("Depth {depth}, at “{token}”", { depth: place.depth, token: wordName(cell.token) });
    return { title, changes: steering(cell.best, place.depth), more: [patchForm(place, facts)] };
  });
  root.addEventListener("dragover", (event) => {
    const into = placeInto(placeAt(event), run());
    mark(root, into);
    if (into) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    const from = dragged;
    const into = placeInto(placeAt(event), run());
    lift(root);
    if (!into || !from) return;
    event.preventDefault();
    addChange(patchOf(into, from, from.position));
  });
}

/** @type {Dragged | null} what is under way: its data cannot be read before it is dropped */
let dragged = null;

/**
 * Where what is dragged would be put: in its own row, for a residual of another depth means something else.
 * @param {Place | null} over
 * @param {RunFacts | null} run
 * @returns {Place | null}
 */
function placeInto(over, run) {
  if (!over || !dragged || run?.model !== dragged.model) return null;
  const isItself = run.text === dragged.text && run.target === dragged.target && over.position === dragged.position;
  return isItself ? null : { depth: dragged.depth, position: over.position };
}

/**
 * @param {HTMLElement} root
 * @param {Place | null} place
 */
function mark(root, place) {
  for (const node of root.querySelectorAll(".is-target")) node.classList.remove("is-target");
  if (place) cellAt(root, place)?.classList.add("is-target");
}

/** @param {HTMLElement} root */
function lift(root) {
  dragged = null;
  mark(root, null);
}
