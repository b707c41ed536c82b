// Runs: `main` always, `other` when someone compares. Any part of the page may start one.
import { config } from "./configuration.js";
import { fillPrompt, typedTexts } from "./controls.js";
import { _ } from "./language.js";
import { CallError, messages } from "./server.js";
import { set, state } from "./store.js";

/** @typedef {import("./store.js").RunName} RunName */
/** @typedef {import("./store.js").Change} Change */
/** @typedef {{ model: string, text: string, target?: string, changes?: Change[] }} Spec */

/** @type {Record<RunName, AbortController | null>} */
const current = { main: null, other: null };
let count = 0;
const ofRun = Object.entries(config.controls).filter(([, control]) => control.of_run);
const forgotten = Object.fromEntries(ofRun.map(([key, { first }]) => [key, first]));

/** Whether a run is under way. */
export const isRunning = () => Boolean(current.main || current.other);

/**
 * Runs a model over a text; a newer start of the same name takes the place of an older one. What comes of it is in the
 * store: the facts under the run's name, how far it is and what went wrong under `progress`. Changes to the model stay
 * with the main run until others are given or another model is chosen.
 * @param {RunName} name
 * @param {Spec} spec
 * @param {{ typed?: boolean }} [options]  typed: the prompt shows it already
 */
export async function start(name, { model, text, target = "", changes }, { typed = false } = {}) {
  current[name]?.abort();
  const mine = new AbortController();
  current[name] = mine;
  if (name === "main" && !typed) {
    fillPrompt({ model, text, target });
    set({ typed: null });
  }
  const listed = changes ?? (name === "main" ? kept(model) : []);
  try {
    const spec = { model, text, target, changes: active(listed) };
    for await (const message of messages("run", spec, mine.signal)) take(name, message, listed);
    set({ progress: null });
  } catch (error) {
    if (mine.signal.aborted) return;
    if (!(error instanceof CallError)) throw error;
    set({ progress: { sentence: refusal(name, error.message) } });
    giveBack(name, model);
  } finally {
    if (current[name] === mine) current[name] = null;
  }
}

/**
 * The changes that go on: they are about one model.
 * @param {string} model
 */
const kept = (model) => (state.main && state.main.model !== model ? [] : state.changes);

/**
 * The changes that are made, as a call takes them: all that are not paused.
 * @param {readonly Change[]} listed
 * @returns {Change[]}
 */
export const active = (listed) =>
  listed.filter(({ paused }) => !paused).map(({ paused: _paused, ...change }) => change);

/**
 * Why a run is not there; of side B with its name, and with what it goes on showing.
 * @param {RunName} name
 * @param {string} reason
 */
function refusal(name, reason) {
  if (name === "main") return reason;
  return state.other
    ? _("Side B: {reason} It still shows its last run.", { reason })
    : _("Side B: {reason}", { reason });
}

/**
 * A model that was refused leaves the picker to the one that runs; the texts stay as they are typed.
 * @param {RunName} name
 * @param {string} refused
 */
function giveBack(name, refused) {
  const runs = state.main?.model;
  if (name === "main" && runs && runs !== refused) fillPrompt({ model: runs, ...typedTexts() });
}

/**
 * @param {RunName} name
 * @param {import("./calls.d.ts").RunMessage} message
 * @param {Change[]} listed
 */
function take(name, message, listed) {
  const another = name === "main" && state.main && isAnother(message.facts) ? forgotten : {};
  const changes = name === "main" ? { changes: listed } : {};
  if (message.facts) set({ ...another, ...changes, [name]: { ...message.facts, run: ++count }, progress: null });
  else set({ progress: { doing: message.doing ?? "", fraction: message.fraction ?? 0 } });
}

/**
 * Whether it is about another text than the one on the page: the same under other changes keeps what was chosen.
 * @param {import("./calls.d.ts").RunFacts} [facts]
 */
function isAnother(facts) {
  const now = state.main;
  return !now || !facts || now.model !== facts.model || now.text !== facts.text || now.target !== facts.target;
}

/**
 * Stops waiting for a run; the page goes on showing the last one.
 * @param {RunName} name
 */
export function stop(name) {
  if (!current[name]) return;
  current[name].abort();
  current[name] = null;
  set({ progress: state[name] ? { sentence: _("Stopped. The page still shows the last run.") } : null });
}

/** Gives up the comparison. */
export function closeOther() {
  current.other?.abort();
  current.other = null;
  set({ other: null, pair: null });
}
