// Paths of tokens as the points of one map: which point is whose, what it is called, what is compared.
import { _ } from "../../web/language.js";
import { entryName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").TrajectoryAnswer} Path */
/** @typedef {{ paths: readonly Path[], depths: number }} Paths */

const COLOURS = [
  ["#0072b2", "#5db4ee"],
  ["#c25100", "#f39b52"],
  ["#00795a", "#2fd3a2"],
  ["#a24a80", "#e79ac7"],
  ["#7d6200", "#e3cf4d"],
  ["#3f6f8f", "#9ccfe8"],
  ["#8f2d2d", "#f08a8a"],
  ["#555555", "#bdbdbd"],
];

const SPECIAL = /^<.+>$/; // tokens that are no words: a first choice of two to compare does without them

/**
 * The colour of a sentence.
 * @param {number} sentence
 * @param {boolean} dark
 */
export const colourOf = (sentence, dark) => COLOURS[sentence % COLOURS.length][dark ? 1 : 0];

/**
 * The name of a point: that of its token at the end of a path, all about it under the pointer.
 * @param {Paths} shown
 * @param {number} index
 * @param {boolean} hovered
 */
export function nameOfPoint({ paths, depths }, index, hovered) {
  const depth = index % depths;
  const { name, sentence } = paths[Math.floor(index / depths)];
  if (hovered) {
    const values = { token: entryName(name), sentence: String(sentence + 1), depth: String(depth) };
    return _("{token} · sentence {sentence} · depth {depth}", values);
  }
  return depth === depths - 1 ? entryName(name) : "";
}

/**
 * A token with its place; the sentence is named where there are several.
 * @param {Path} path
 * @param {boolean} several
 */
export function labelOf({ name, sentence, position }, several) {
  const values = { token: entryName(name), sentence: String(sentence + 1), position: String(position) };
  if (!several) return _("{token} (position {position})", values);
  return _("{token} (sentence {sentence}, position {position})", values);
}

/**
 * A line from each depth to the next, for every path.
 * @param {Paths} shown
 * @param {boolean} dark
 * @returns {[number, number, string][]}
 */
export function linesOf({ paths, depths }, dark) {
  return paths.flatMap(({ sentence }, path) =>
    Array.from({ length: depths - 1 }, (_step, depth) => {
      const from = path * depths + depth;
      return /** @type {[number, number, string]} */ ([from, from + 1, colourOf(sentence, dark)]);
    }),
  );
}

/**
 * The places of two paths in the list: those asked for (sentence and position of each), or a word and the same word in
 * the last sentence that has it, or later in the same, which is the comparison one comes for.
 * @param {readonly Path[]} paths
 * @param {unknown} asked
 * @returns {[number, number]}
 */
export function pairOf(paths, asked) {
  const numbers = Array.isArray(asked) && asked.length === 4 ? asked : [];
  /** @type {(sentence: unknown, position: unknown) => number} */
  const at = (sentence, position) =>
    paths.findIndex((path) => path.sentence === sentence && path.position === position);
  const left = at(numbers[0], numbers[1]);
  const right = at(numbers[2], numbers[3]);
  return left >= 0 && right >= 0 ? [left, right] : sameWord(paths);
}

/**
 * @param {readonly Path[]} paths
 * @returns {[number, number]}
 */
function sameWord(paths) {
  const words = paths.map(({ name }) => name.trim().toLowerCase());
  const pairs = words.map((word, at) => /** @type {[number, number]} */ ([at, words.lastIndexOf(word)]));
  const elsewhere = pairs.find(([left, right]) => paths[left].sentence !== paths[right].sentence);
  const again = elsewhere ?? pairs.find(([left, right]) => left !== right);
  if (again) return again;
  const plain = words.flatMap((word, at) => (SPECIAL.test(word) ? [] : [at]));
  return plain.length > 1 ? [plain[0], plain[1]] : [0, Math.min(1, paths.length - 1)];
}
