// The completion at hand: the tree of its branches and the end that is shown. The server forgets; this page keeps it.
import { set } from "../../web/store.js";
import { otherBranches, path, plant } from "./branches.js";

/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {import("./branches.js").Root} Root */

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
 * Another tree takes the place of the one there is.
 * @param {Root} root
 * @param {Branch | Root} tip
 */
export function replant(root, tip) {
  Object.assign(written, { root, tip });
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

/** The ids of the text that is shown. */
export const shownIds = () => path(written.tip).map(({ token }) => token.id);

/** The tree or its tip changed: views draw, and the address keeps the ids of the text shown and of its branches. */
export function tell() {
  for (const listener of listeners) listener();
  set({ written_ids: shownIds(), written_branches: otherBranches(written.root, written.tip) });
}

/**
 * @param {() => void} listener
 */
export function onWritten(listener) {
  listeners.add(listener);
}
