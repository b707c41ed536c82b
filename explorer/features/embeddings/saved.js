// The pictures and lists of this tab as they are saved, with the lines of Python that make the same numbers.
import { words } from "../../web/base64.js";
import { _ } from "../../web/language.js";
import { mapDocument } from "../../web/map/document.js";
import { keywords, literal } from "../../web/saving/python.js";
import { call } from "../../web/server.js";
import { choiceName, settingName } from "../../web/setting_names.js";
import { state } from "../../web/store.js";
import { projectionIn, vectorsIn } from "./map_request.js";
import { wordOf } from "./told.js";

/** @typedef {import("../../web/saving/offer.js").Picture} Picture */
/** @typedef {import("../../web/calls.d.ts").MapPoints} MapPoints */
/** @typedef {import("../../web/calls.d.ts").TrajectoriesAnswer} Trajectories */
/** @typedef {import("../../web/calls.d.ts").ArithmeticAnswer} Sum */
/** @typedef {import("./scatter.js").Scatter} Scatter */

const FULL = 65_535; // the largest coordinate of a picture
const TABLE = "from models.vectors.embedding_tables import table";
const NEIGHBOURS = "from models.vectors.similarity import neighbours";

// ---- the map --------------------------------------------------------------------------------------------------------

/** The vectors that are shown, as Python reads them. */
function vectorLines() {
  const { space, depth, stack } = vectorsIn(state);
  if (space !== "text") return { imports: [TABLE], lines: [`vectors = table(model, ${literal(space)})`] };
  return {
    imports: ["from models.vectors.embedding_tables import contextual"],
    lines: [`vectors = contextual(trace, ${depth}, ${literal(stack)})`],
  };
}

/** The projection that is shown, as Python asks for it. */
function projectionLines() {
  const { method, dimensions, metric, sample, seed, perplexity, near, spread } = projectionIn(state);
  const { imports, lines } = vectorLines();
  const usual = { metric: "euclidean", seed: 0, perplexity: 30, neighbours: 15, min_distance: 0.1, dimensions: 2 };
  const given = { method, dimensions, metric, sample, seed, perplexity, neighbours: near, min_distance: spread };
  const automatic = method === "pca" ? 0 : 10_000;
  const settings = keywords({ ...given, sample: sample < 0 ? automatic : sample }, usual);
  return {
    imports: [
      ...imports,
      "from models.projection.methods import ProjectionSettings",
      "from models.projection.queue import projections",
    ],
    python: [
      ...lines,
      `projection = projections().project(vectors, ProjectionSettings(${settings}))`,
      "rows = projection.points",
    ],
  };
}

/**
 * @param {Scatter} scatter
 * @param {MapPoints} drawn
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedMap({ map, points, names }, drawn, parts) {
  const { method, metric, seed } = projectionIn(state);
  return {
    name: _("Map"),
    parts,
    title: drawn.title,
    settings: [
      [_("About it"), drawn.caption],
      [_("Projection"), choiceName("map_method", method)],
      [settingName("map_metric"), choiceName("map_metric", metric)],
      [_("Seed"), seed],
    ],
    isOfRun: state.map_space === "text",
    rows: async () => /** @type {any} */ ((await call("map_table", projectionIn(state))).rows),
    async document() {
      const rows = points.all();
      await names.fetch(rows);
      const all = rows.map((row) => names.label(row) ?? "");
      return mapDocument(map, { title: drawn.title, caption: drawn.caption, names: all });
    },
    ...projectionLines(),
  };
}

/**
 * The nearest neighbours of the chosen token.
 * @param {number} row
 * @param {string} name
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedNeighbours(row, name, parts) {
  const { imports, lines } = vectorLines();
  return {
    name: _("Neighbours"),
    parts,
    caption: _("What is nearest to “{word}”", { word: wordOf(name) }),
    isOfRun: state.map_space === "text",
    rows: async () => {
      const { neighbours } = await call("nearest_vectors", { ...vectorsIn(state), row, count: 100 });
      return neighbours.map(({ row: id, text, cosine, distance }) => ({ id, text, cosine, distance }));
    },
    imports: [...imports, NEIGHBOURS],
    python: [...lines, `rows = neighbours(vectors, vectors.row(${row}), 100, exclude=[${row}])`],
  };
}

/**
 * @param {readonly number[]} rows
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedGroup(rows, parts) {
  const { imports, lines } = vectorLines();
  return {
    name: _("Group"),
    parts,
    isOfRun: state.map_space === "text",
    rows: async () => {
      const { members } = await call("vector_group", { ...vectorsIn(state), rows: [...rows] });
      return members.map(({ row: id, text, cosine }) => ({ id, text, cosine_to_middle: cosine }));
    },
    imports: ["import numpy as np", ...imports, "from models.vectors.similarity import cosines_to_middle"],
    python: [...lines, `rows = cosines_to_middle(vectors, np.array(${literal([...rows].sort((a, b) => a - b))}))`],
  };
}

// ---- through the layers ---------------------------------------------------------------------------------------------

/** All sentences of the page, as Python runs them. */
function pathLines() {
  const more = (state.paths_sentences ?? "").split("\n").filter((line) => line.trim());
  const traces = more.length
    ? [`traces = (trace, *(model.trace(text) for text in ${literal(more)}))`]
    : ["traces = (trace,)"];
  return [...traces, `ways = paths(traces, ${literal(state.paths_stack)})`];
}

/** @type {() => [string, string][]} */
const pathSettings = () => [
  [_("More sentences"), state.paths_sentences],
  [_("Only this word"), state.paths_word],
  [_("Vectors"), choiceName("paths_metric", state.paths_metric)],
];

/**
 * @param {Trajectories} shown
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedPaths({ paths, depths, points, dimensions, caption }, parts) {
  const places = words(points);
  const word = (state.paths_word ?? "").trim();
  const chosen = word
    ? [`ways = [way for way in ways if way.token.text.strip().lower() == ${literal(word.toLowerCase())}]`]
    : [];
  return {
    name: _("Through the layers"),
    parts,
    settings: [...pathSettings(), [_("About it"), caption]],
    rows: () =>
      paths.flatMap(({ sentence, position, name }, path) =>
        Array.from({ length: depths }, (_depth, depth) => {
          const start = (path * depths + depth) * dimensions;
          const axes = ["x", "y", "z"].slice(0, dimensions).map((axis, at) => [axis, places[start + at] / FULL]);
          return { sentence: sentence + 1, position, token: name, depth, ...Object.fromEntries(axes) };
        }),
      ),
    imports: [
      "from models.projection.trajectories import shared_components",
      "from models.vectors.embedding_tables import paths",
    ],
    python: [
      ...pathLines(),
      ...chosen,
      `rows = shared_components(ways, ${keywords({ dimensions, metric: state.paths_metric })}).points`,
    ],
  };
}

/**
 * @param {readonly { sentence: number, position: number, name: string }[]} pair
 * @param {readonly (number | null)[]} values
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedCosine(pair, values, parts) {
  const [left, right] = pair.map(({ sentence, position }) => `by_place[${sentence}, ${position}]`);
  const names = pair.map(({ name, sentence, position }) => `${name} (${sentence + 1}, ${position})`);
  return {
    name: _("Cosine by depth"),
    parts,
    settings: [...pathSettings(), [_("Compared"), names.join(" – ")]],
    rows: () => values.map((cosine, depth) => ({ depth, cosine })),
    imports: ["from models.vectors.embedding_tables import path_cosines, paths"],
    python: [
      ...pathLines(),
      "by_place = {(way.text, way.position): way for way in ways}",
      `rows = path_cosines(${left}, ${right})`,
    ],
  };
}

// ---- arithmetic -----------------------------------------------------------------------------------------------------

/**
 * @param {Sum} sum
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedSum({ inputs, results, title }, parts) {
  const [a, b, c] = inputs.map(({ row }) => row);
  const named = inputs.map(({ text }) => wordOf(text));
  return {
    name: _("Word arithmetic"),
    parts,
    isOfRun: false,
    settings: [
      [_("Sum"), `${named[0]} − ${named[1]} + ${named[2]}`],
      [_("Vectors"), title],
    ],
    rows: () => results.map(({ row: id, text, cosine, distance }) => ({ id, text, cosine, distance })),
    imports: ["from models.vectors.analogies import analogy", TABLE],
    python: [`rows = analogy(table(model, ${literal(state.sum_space)}), ${a}, ${b}, ${c})`],
  };
}

// ---- sentences ------------------------------------------------------------------------------------------------------

/**
 * @param {import("../../web/calls.d.ts").SentencesAnswer} shown
 * @param {Element[]} parts
 * @returns {Picture}
 */
export function savedSentences({ sentences, cosines }, parts) {
  return {
    name: _("Sentences compared"),
    parts,
    isOfRun: false,
    settings: [[_("Pooling"), choiceName("pairs_pooling", state.pairs_pooling)]],
    rows: () =>
      cosines.flatMap((row, one) =>
        row.map((cosine, other) => ({ one: sentences[one], other: sentences[other], cosine })),
      ),
    imports: ["from models.vectors.sentences import cosines, sentence_vectors"],
    python: [
      `sentences = [${sentences.map(literal).join(", ")}]`,
      `rows = cosines(sentence_vectors(model, sentences, ${literal(state.pairs_pooling)}))`,
    ],
  };
}
