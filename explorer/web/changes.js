// The list of changes to the model of the main run: made, paused, removed and undone from anywhere on the page.
import { start } from "./runs.js";
import { same, state } from "./store.js";

/** @typedef {import("./store.js").Change} Change */

const MOST = 64;
/** @type {Change[][]} */
const past = [];
let model = "";

/**
 * Runs the text again under another list.
 * @param {Change[]} changes
 */
function run(changes) {
  const now = state.main;
  return now ? start("main", { model: now.model, text: now.text, target: now.target, changes }) : Promise.resolve();
}

/** What was before belongs to one model. */
function forgetOthers() {
  const now = state.main?.model ?? "";
  if (now !== model) past.length = 0;
  model = now;
}

/**
 * Puts another list in the place of the one in force, which can be undone.
 * @param {Change[]} changes
 */
async function put(changes) {
  forgetOthers();
  const before = state.changes;
  past.push(before); // at once, so that who hears of the change can offer to undo it
  await run(changes.slice(0, MOST));
  if (same(before, state.changes)) past.splice(past.lastIndexOf(before), 1);
}

/** @param {Change} change */
const bare = ({ paused: _paused, ...change }) => change;

/**
 * Makes a change; one that is made already, or paused, is not made twice.
 * @param {Change} change
 */
export function addChange(change) {
  const others = state.changes.filter((one) => !same(bare(one), change));
  return put([...others, change]);
}

/** @param {number} place */
export const removeChange = (place) => put(state.changes.toSpliced(place, 1));

/** Makes all changes undone at once. */
export const removeAll = () => put([]);

/**
 * Leaves a change out for now, or makes it again.
 * @param {number} place
 */
export function pauseChange(place) {
  const { paused = false, ...change } = state.changes[place];
  const other = paused ? change : { ...change, paused: true };
  return put(state.changes.with(place, other));
}

/** Whether there is a list to go back to. */
export function canUndo() {
  forgetOthers();
  return past.length > 0;
}

/** Goes back to the list before. */
export function undo() {
  const before = past.pop();
  return before ? run(before) : Promise.resolve();
}

/**
 * The changes that hold in any text; the others name a position of the page's own.
 * @param {readonly Change[]} changes
 */
export const everywhere = (changes) => changes.filter(({ kind }) => kind !== "edge" && kind !== "patch");
