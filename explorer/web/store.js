// The one client-side store: the runs, what is selected, every declared control, and who listens.
import { config } from "./configuration.js";

/** @typedef {Omit<import("./calls.d.ts").RunFacts, "changes"> & { run: number, changes: Change[] }} RunFacts */
/** @typedef {"main" | "other"} RunName */
/** @typedef {{ stack: "source" | "target", position: number }} Selected */
/** @typedef {{ doing: string, fraction: number } | { sentence: string } | null} Progress */
/**
 * A change to the model as the page lists it; one that is paused is kept, and not made.
 * @typedef {(import("./calls.d.ts").HeadChange | import("./calls.d.ts").EdgeChange | import("./calls.d.ts").PartChange
 *   | import("./calls.d.ts").NeuronChange | import("./calls.d.ts").PatchChange | import("./calls.d.ts").SteerChange)
 *   & { paused?: boolean }} Change
 */
/**
 * @typedef {object} Page
 * @property {RunFacts | null} main
 * @property {RunFacts | null} other
 * @property {import("./calls.d.ts").PairFacts | null} pair  how the two runs correspond, once that is known
 * @property {Change[]} changes  to the model of the main run
 * @property {Progress} progress  how far the main run is, or what went wrong with it
 * @property {number} layer
 * @property {number} head
 * @property {string} kind  of attention: self, encoder, decoder or cross
 * @property {Selected | null} token
 * @property {string | null} tab
 * @property {import("./typed.js").Typed | null} typed  what stands in the prompt's boxes, once someone has typed there
 */
/** @typedef {Page & import("./calls.d.ts").Controls} State */
/** @typedef {(state: State, changed: string[]) => void | Promise<void>} Listener */
/**
 * @typedef {object} Subscription
 * @property {Element} element
 * @property {Listener} listener
 * @property {readonly string[] | null} keys
 * @property {Set<string>} changed
 * @property {boolean} first
 * @property {boolean} again  tell it whatever it listens to
 * @property {boolean} wasConnected
 * @property {ResizeObserver | null} observer
 */

/** @type {Page} */
const EMPTY = {
  main: null,
  other: null,
  pair: null,
  changes: [],
  progress: null,
  layer: 0,
  head: 0,
  kind: "self",
  token: null,
  tab: null,
  typed: null,
};
const firsts = Object.fromEntries(Object.entries(config.controls).map(([key, control]) => [key, control.first]));

/** What everybody reads; only `set` writes. */
export const state = /** @type {State} */ ({ ...EMPTY, ...firsts });

/** @type {Set<Subscription>} */
const subscriptions = new Set();
/** @type {Set<(changed: string[]) => void>} */
const watchers = new Set();
/** @type {WeakSet<object>} */
const silent = new WeakSet();
let flushing = false;

/**
 * Whether two values of the store say the same.
 * @param {unknown} left
 * @param {unknown} right
 */
export function same(left, right) {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

/**
 * The selection as far as a run has it: a layer or token beyond its end becomes the last or none.
 * @param {RunFacts} run
 * @param {Pick<Page, "layer" | "head" | "kind" | "token">} selection
 */
export function fitted(run, { layer, head, kind, token }) {
  const shape = run.attention_kinds.find((entry) => entry.kind === kind) ?? run.attention_kinds[0];
  const stack = token && (token.stack === "target" ? run.target_tokens : run.tokens);
  const selected = token && stack && token.position < stack.length ? token : null;
  if (!shape) return { kind, layer: Math.min(layer, run.layers - 1), head: 0, token: selected };
  const attending = nearest(shape.heads_by_layer, Math.min(layer, shape.layers - 1));
  const heads = shape.heads_by_layer[attending];
  return { kind: shape.kind, layer: attending, head: Math.min(head, heads - 1), token: selected };
}

/**
 * The layer, or where it has no heads (blocks of a hybrid that do not attend) the next that has some, the way one goes.
 * @param {readonly number[]} heads  of each layer
 * @param {number} layer
 */
function nearest(heads, layer) {
  const layers = heads.flatMap((count, place) => (count ? [place] : []));
  const onwards = layer >= state.layer ? 1 : -1;
  const far = (/** @type {number} */ place) => Math.abs(place - layer) - ((place - layer) * onwards > 0 ? 0.5 : 0);
  return layers.sort((one, two) => far(one) - far(two))[0] ?? layer;
}

/**
 * Changes the store and tells who listens.
 * @param {Partial<State>} patch
 */
export function set(patch) {
  /** @type {Record<string, unknown>} */
  const next = { ...patch };
  const run = patch.main ?? state.main;
  if (run) Object.assign(next, fitted(run, { ...state, ...patch }));
  const changed = Object.keys(next).filter((key) => differs(key, next[key]));
  if (!changed.length) return;
  Object.assign(state, next);
  for (const entry of subscriptions) for (const key of changed) entry.changed.add(key);
  scheduleFlush();
  for (const watcher of watchers) watcher(changed);
}

/**
 * @param {string} key
 * @param {unknown} value
 */
function differs(key, value) {
  const before = Reflect.get(state, key);
  return key === "main" || key === "other" ? value !== before : !same(value, before);
}

/**
 * The run a view shows.
 * @param {{ run?: RunName }} [props]
 * @returns {RunFacts | null}
 */
export function runOf(props) {
  return state[props?.run ?? "main"];
}

// ---- who listens ----------------------------------------------------------------------------------------------------

/**
 * Tells `listener` now and whenever one of `keys` (null: anything) changes, but only while `element` is on the screen;
 * what changed meanwhile is told when it comes back.
 * @param {Element} element
 * @param {Listener} listener
 * @param {readonly string[] | null} [keys]
 * @returns {() => void} ends it
 */
export function subscribe(element, listener, keys = null) {
  /** @type {Subscription} */
  const entry = {
    element,
    listener,
    keys,
    changed: new Set(),
    first: true,
    again: false,
    wasConnected: false,
    observer: null,
  };
  // An element that becomes visible changes size: that is when deferred news is delivered.
  entry.observer = new ResizeObserver(() => deliver(entry));
  entry.observer.observe(element);
  subscriptions.add(entry);
  deliver(entry);
  return () => drop(entry);
}

/**
 * Tells `watcher` of every change at once, on screen or not.
 * @param {(changed: string[]) => void} watcher
 */
export function onChange(watcher) {
  watchers.add(watcher);
}

/** Whether news is still on its way to the views. */
export const isFlushing = () => flushing;

/**
 * An error that has been shown already, or that nobody needs to see: it does not reach the console.
 * @template {object} T
 * @param {T} error
 * @returns {T}
 */
export function silence(error) {
  silent.add(error);
  return error;
}

/** Tells everybody again, as if everything they listen to had changed: the colours of the page did. */
export function retell() {
  for (const entry of subscriptions) {
    entry.changed.add("theme");
    entry.again = true;
  }
  scheduleFlush();
}

function scheduleFlush() {
  if (flushing) return;
  flushing = true;
  queueMicrotask(() => {
    flushing = false;
    for (const entry of [...subscriptions]) deliver(entry);
  });
}

/** @param {Subscription} entry */
function deliver(entry) {
  if (!entry.element.isConnected) {
    if (entry.wasConnected) drop(entry);
    return;
  }
  entry.wasConnected = true;
  const wanted = entry.first || entry.again || !entry.keys || entry.keys.some((key) => entry.changed.has(key));
  if (!wanted || (!entry.first && !entry.changed.size) || !entry.element.getClientRects().length) return;
  const changed = [...entry.changed];
  entry.changed.clear();
  entry.first = false;
  entry.again = false;
  tell(entry, changed);
}

/**
 * @param {Subscription} entry
 * @param {string[]} changed
 */
async function tell(entry, changed) {
  try {
    await entry.listener(state, changed);
  } catch (error) {
    if (!(error instanceof Error && silent.has(error))) reportError(error);
  }
}

/** @param {Subscription} entry */
function drop(entry) {
  entry.observer?.disconnect();
  subscriptions.delete(entry);
}

if (typeof window !== "undefined") {
  window.addEventListener("unhandledrejection", (event) => {
    if (event.reason instanceof Error && silent.has(event.reason)) event.preventDefault();
  });
}
