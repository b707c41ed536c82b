// What the views of this tab ask about: one pattern, made of what is chosen on the page.
import { fitted, runOf, state } from "../../web/store.js";
import { headsIn } from "./heads.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {"source" | "target"} Stack */
/** @typedef {import("../../web/calls.d.ts").Calls["heatmap"]["request"]} PictureRequest */

/** The store's keys a pattern depends on, the run aside. */
export const PATTERN_KEYS = [
  "kind",
  "layer",
  "head",
  "attention_reading",
  "attention_heads",
  "attention_chosen",
  "attention_left_out",
  "attention_words",
];

/**
 * The pattern that is chosen, of one run as it stands now.
 * @param {RunFacts} run
 */
export function patternOf(run) {
  const { kind, layer, head } = fitted(run, state);
  return {
    model: run.model,
    text: run.text,
    target: run.target,
    changes: /** @type {import("../../web/store.js").Change[]} */ (run.changes),
    kind,
    layer,
    head,
    reading: state.attention_reading,
    combination: state.attention_heads,
    chosen: chosenHeads(run),
    left_out: state.attention_left_out,
    by_words: state.attention_words,
  };
}

/**
 * How many layers and heads the chosen kind of attention has.
 * @param {RunFacts} run
 */
export function shapeOf(run) {
  const { kind } = fitted(run, state);
  return run.attention_kinds.find((entry) => entry.kind === kind) ?? run.attention_kinds[0];
}

/** @param {RunFacts} run */
export const chosenHeads = (run) => headsIn(state.attention_chosen, shapeOf(run));

/**
 * Whose tokens queries (rows) and keys (columns) are.
 * @param {string} kind
 * @returns {{ row: Stack, column: Stack }}
 */
export const stacksOf = (kind) => ({
  row: kind === "cross" || kind === "decoder" ? "target" : "source",
  column: kind === "decoder" ? "target" : "source",
});

/**
 * @param {RunFacts} run
 * @param {Stack} stack
 */
export const tokensOf = (run, stack) => (stack === "target" ? run.target_tokens : run.tokens);

/**
 * Whose tokens can be chosen, and whose are then shaded.
 * @param {RunFacts} run
 * @returns {{ chosen: Stack, other: Stack }}
 */
export function stacksNow(run) {
  const { row, column } = stacksOf(fitted(run, state).kind);
  return state.attention_direction === "to" ? { chosen: column, other: row } : { chosen: row, other: column };
}

/**
 * The chosen token, or the last one.
 * @param {RunFacts} run
 */
export function positionNow(run) {
  const { chosen } = stacksNow(run);
  const count = tokensOf(run, chosen).length;
  const { token } = state;
  return token?.stack === chosen && token.position < count ? token.position : count - 1;
}

/**
 * What the chosen token looks at, or what looks at it.
 * @param {RunFacts} run
 */
export const rowOf = (run) => ({
  ...patternOf(run),
  position: positionNow(run),
  direction: state.attention_direction,
});

/**
 * The run a view of this tab shows, and the name by which the store calls it.
 * @param {{ run?: import("../../web/store.js").RunName }} props
 */
export const shownRun = (props) => ({ name: props.run ?? "main", run: runOf(props) });
