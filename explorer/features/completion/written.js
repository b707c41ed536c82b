// The completion at hand: the tree of its branches and the end that is shown. The server forgets; this page keeps it.
import { set } from "../../web/store.js";
import { path, plant } from "./branches.js";

/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {import("./branches.js").Root} Root */

const LINKED_CHARACTERS = 1000; // of an address, for the ids of the text shown

/** What views read. @type {{ root: Root, tip: Branch | Root }} */
export const written = beginning();

/** @type {Set<() => void>} */
const listeners = new Set();

function beginning() {
  const root = plant();
  return { root, tip: /** @type {Branch | Root} */ (root) };
}

/** Forgets everything. */
export function forget() {
  Object.assign(written, beginning());
  tell();
}

/**
 * Shows another end of the tree.
 * @param {Branch | Root} tip
 */
export function show(tip) {
  written.tip = tip;
  tell();
}

/** The tree or its tip changed: views draw, and the address keeps the ids of the text shown. */
export function tell() {
  for (const listener of listeners) listener();
  const ids = path(written.tip).map(({ token }) => token.id);
  set({ written_ids: JSON.stringify(ids).length <= LINKED_CHARACTERS ? ids : [] });
}

/**
 * @param {() => void} listener
 */
export function onWritten(listener) {
  listeners.add(listener);
}
