// The pictures of this tab as they are saved: which pattern it is in words, its numbers, and the lines that make them.
import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { choiceName, settingName } from "../../web/setting_names.js";
import { fitted, state } from "../../web/store.js";
import { chosenHeads, patternOf, positionNow, stacksNow, tokensOf } from "./asked.js";
import { nameOf, positionOf, unitsOf } from "./axes.js";
import { valuesOf } from "./head_scores.js";
import { headsText } from "./heads.js";
import { weightText } from "./shading.js";
import { wordOf } from "./words.js";

/** @typedef {import("../../web/saving/offer.js").Picture} Picture */
/** @typedef {import("../../web/saving/offer.js").Row} Row */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./heatmap.js").Drawn} Drawn */
/** @typedef {import("./axes.js").Axis} Axis */

const DEFAULTS = { kind: "self", reading: "weights", combination: "one", left_out: "nothing", by_words: false };
const SPEC = "from models.attention.pattern_spec import PatternSpec";

/**
 * The pattern that is chosen, in words.
 * @param {RunFacts} run
 * @returns {[string, string][]}
 */
function patternSettings(run) {
  const { kind, layer, head, reading, combination, left_out: leftOut, by_words: byWords } = patternOf(run);
  return [
    [_("Attention"), choiceName("kind", kind)],
    [
      _("Head"),
      combination === "one"
        ? `${layer}·${head}`
        : `${choiceName("attention_heads", combination)}: ${headsText(chosenHeads(run))}`,
    ],
    [settingName("attention_reading"), choiceName("attention_reading", reading)],
    [settingName("attention_left_out"), choiceName("attention_left_out", leftOut)],
    [_("Units"), byWords ? _("words") : _("tokens")],
  ];
}

/**
 * The pattern as Python is asked for it: plain weights of one head need no more than the trace.
 * @param {RunFacts} run
 * @param {string} last  the line that follows
 * @returns {Pick<Picture, "imports" | "python">}
 */
function patternLines(run, last) {
  const { model: _model, text: _text, target: _target, changes: _changes, chosen, ...rest } = patternOf(run);
  const isPlain = rest.reading === "weights" && rest.combination === "one" && !rest.by_words;
  if (isPlain && rest.left_out === "nothing") {
    const { layer, head, kind } = rest;
    return { python: [`rows = trace.attention(${keywords({ layer, head, kind }, DEFAULTS)})`, last].filter(Boolean) };
  }
  const heads = chosen.length ? `, chosen=(${chosen.map(([layer, head]) => `(${layer}, ${head}),`).join(" ")})` : "";
  return {
    imports: [SPEC, "from models.attention.picture import picture"],
    python: [
      `spec = PatternSpec(${keywords(rest, DEFAULTS)}${heads})`,
      "rows = picture(trace, spec).values",
      last,
    ].filter(Boolean),
  };
}

/**
 * What each drawn row or column stands for: its first token's position, and its text.
 * @param {Axis} axis
 * @param {RunFacts["tokens"]} tokens
 */
const labels = (axis, tokens) =>
  Array.from({ length: axis.drawn }, (_label, cell) => {
    const [first, last] = unitsOf(axis, cell);
    return { position: positionOf(axis, first), text: nameOf(axis, tokens, first, last) };
  });

/**
 * One row a query, one column a key, empty where a model cannot look.
 * @param {Drawn} shown
 * @returns {Row[]}
 */
export function heatmapRows({ grid, rows, columns, run, stacks }) {
  const keys = labels(columns, tokensOf(run, stacks.column));
  return labels(rows, tokensOf(run, stacks.row)).map(({ position, text }, row) => ({
    query_position: position,
    query: text,
    ...Object.fromEntries(
      keys.map((key, column) => {
        const value = grid[row][column];
        return [`${key.position} ${key.text}`, Number.isNaN(value) ? null : value];
      }),
    ),
  }));
}

/**
 * The heatmap; its tiles say what they are.
 * @param {Drawn} shown
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedHeatmap(shown, parts) {
  const { run, stacks, rows, columns, unit, exact } = shown;
  /** @type {(axis: Axis, stack: import("./asked.js").Stack, at: number) => string} */
  const name = (axis, stack, at) => nameOf(axis, tokensOf(run, stack), at, at + 1);
  for (const tile of parts.flatMap((part) => [...part.querySelectorAll("[data-row][data-column]")])) {
    const [row, column, value] = ["row", "column", "value"].map((key) => Number(tile.getAttribute(`data-${key}`)));
    const names = [name(rows, stacks.row, row), name(columns, stacks.column, column)];
    tile.setAttribute("data-tip", `${names.join(" → ")}: ${weightText(value, unit)}`);
  }
  const cells = exact ? _("exact") : _("largest of several neighbours");
  return {
    name: _("One head"),
    parts,
    settings: [...patternSettings(run), [_("Cells"), cells]],
    rows: () => heatmapRows(shown),
    ...patternLines(run, ""),
  };
}

/**
 * @param {{ props: any, run: RunFacts | null, scores: import("./measured.js").Layers,
 *   shape: { layers: number, heads: number }, cells: HTMLElement[] }} grid
 * @param {Element[]} parts
 * @returns {Picture | null}
 */
export function savedGrid({ props, run, scores, shape, cells }, parts) {
  if (!run || !cells.length) return null;
  const { kind } = fitted(run, state);
  const leftOut = state.attention_left_out;
  /** @type {string[]} */
  const keys = props.scores.map((/** @type {{ key: string }} */ score) => score.key);
  const values = new Map(keys.map((key) => [key, valuesOf(scores, shape, key)]));
  const spec = keywords({ kind, left_out: leftOut }, DEFAULTS);
  return {
    name: _("All heads"),
    parts,
    settings: [
      [_("Attention"), choiceName("kind", kind)],
      [_("Ordered by"), choiceName("attention_score", state.attention_score) || _("layer and head")],
      [settingName("attention_left_out"), choiceName("attention_left_out", leftOut)],
    ],
    rows: () =>
      cells.map((_cell, place) => ({
        layer: Math.floor(place / shape.heads),
        head: place % shape.heads,
        ...Object.fromEntries(keys.map((key) => [key, values.get(key)?.[place] ?? null])),
      })),
    imports: [SPEC, "from models.attention.summaries import layer_summary"],
    python: [
      `spec = PatternSpec(${spec})`,
      "rows = [layer_summary(trace, spec, layer).scores for layer in range(trace.layers_of(spec.kind))]",
    ],
  };
}

/**
 * The text shaded by where the chosen token looks, or by what looks at it.
 * @param {RunFacts} run
 * @param {Float32Array} weights  of each token of the other text
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedShading(run, weights, parts) {
  const { chosen, other } = stacksNow(run);
  const position = positionNow(run);
  const word = wordOf([tokensOf(run, chosen)[position]]);
  const isTo = state.attention_direction === "to";
  return {
    name: _("In the text"),
    parts,
    settings: [...patternSettings(run), [isTo ? _("Looked at") : _("Looking from"), `${word} (${position})`]],
    rows: () =>
      tokensOf(run, other).map((token, at) => ({
        ...{ position: at, text: token.text, weight: Number.isNaN(weights[at]) ? null : weights[at] },
      })),
    ...patternLines(run, isTo ? `column = rows[:, ${position}]` : `row = rows[${position}]`),
  };
}

/**
 * @param {{ targets: string[], sources: string[], grid: Float32Array[] }} shown
 * @param {RunFacts} run
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedAlignment({ targets, sources, grid }, run, parts) {
  return {
    name: _("Alignment"),
    parts,
    settings: patternSettings(run),
    rows: () =>
      targets.flatMap((target, row) =>
        sources.map((source, column) => ({ target, source, weight: grid[row][column] })),
      ),
    ...patternLines(run, ""),
  };
}
