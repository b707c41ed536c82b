// Two sides: how a comparison begins, follows the main run, is turned round and ends; what the page knows of the pair.
import { config } from "../web/configuration.js";
import { active, closeOther, start } from "../web/runs.js";
import { CallError, call } from "../web/server.js";
import { showsBoth } from "../web/sides.js";
import { onChange, retell, set, state } from "../web/store.js";

/** @typedef {import("../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../web/runs.js").Spec} Spec */

/** @type {RunFacts | null} */
let before = null;

/**
 * The other side a comparison begins with: the unchanged model where the main one is changed, else another model that
 * is here and of its kind, else another text.
 * @param {RunFacts} main
 * @param {Pick<import("../web/configuration.js").Configuration, "kinds" | "here">} page
 * @returns {Spec}
 */
export function firstOther({ model, kind, text, target, changes, samples }, { kinds, here }) {
  if (changes.length) return { model, text, target, changes: [] };
  const another = here.find((name) => name !== model && kinds[name] === kind);
  if (another) return { model: another, text, target, changes: [] };
  const sample = samples.find((one) => one.text !== text) ?? { text, target };
  return { model, ...sample, changes: [] };
}

/** Opens a second side, or ends the comparison. */
export function compare() {
  if (state.other) closeOther();
  else if (state.main) start("other", firstOther(state.main, config));
}

/** Side B becomes side A, and A becomes B. */
export async function swap() {
  const { main, other } = state;
  if (!main || !other) return;
  const specOf = (/** @type {RunFacts} */ { model, text, target }) => ({ model, text, target });
  const listed = active(state.changes);
  await start("main", { ...specOf(other), changes: other.changes });
  await start("other", { ...specOf(main), changes: listed });
}

/**
 * Two models on one text go on reading one text: the other side follows where it had the text of the main one.
 * @param {RunFacts | null} was
 * @param {RunFacts | null} now
 * @param {RunFacts | null} other
 * @returns {Spec | null}
 */
export function following(was, now, other) {
  if (!was || !now || !other || !sameText(was, other) || sameText(was, now)) return null;
  return { model: other.model, text: now.text, target: now.target, changes: other.changes };
}

/**
 * @param {RunFacts} one
 * @param {RunFacts} two
 */
const sameText = (one, two) => one.text === two.text && one.target === two.target;

/** Asks how the two sides correspond; what cannot be asked is said by the views that need it. */
async function askPair() {
  const { main, other } = state;
  try {
    const pair = await call("pair", { run: "main", beside: "other" });
    if (state.main === main && state.other === other) set({ pair });
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    set({ progress: { sentence: error.message } });
  }
}

/** Watches the runs from now on. */
export function watchSides() {
  onChange((changed) => {
    if (changed.includes("main")) {
      const spec = following(before, state.main, state.other);
      before = state.main;
      if (spec) start("other", spec);
    }
    if (changed.includes("main") || changed.includes("other")) {
      set({ pair: null });
      if (state.main && state.other) askPair();
    }
    const shown = document.body.classList.contains("is-comparing");
    document.body.classList.toggle("has-other", state.other !== null);
    document.body.classList.toggle("is-comparing", showsBoth());
    if (shown !== showsBoth()) retell(); // what is seen again says its headline again
  });
}
