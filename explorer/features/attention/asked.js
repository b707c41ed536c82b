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
 * The run a view of this tab shows, and the name by which the store calls it.
 * @param {{ run?: import("../../web/store.js").RunName }} props
 */
export const shownRun = (props) => ({ name: props.run ?? "main", run: runOf(props) });
