import assert from "node:assert/strict";
import { test } from "node:test";
import {
  grow,
  instead,
  leaf,
  path,
  plain,
  plant,
  prune,
  stretch,
  surprisalOf,
} from "../../explorer/features/completion/branches.js";

/** @typedef {import("../../explorer/web/calls.d.ts").StepAnswer} StepAnswer */

/**
 * @param {number} id
 * @param {number} [probability]
 * @returns {StepAnswer}
 */
const step = (id, probability = 0.5) => ({
  id,
  text: `t${id}`,
  special: false,
  probability,
  final_probability: probability,
  rank: 1,
  entropy: 1,
  final_entropy: 1,
  alternatives: [],
});

/**
 * @param {ReturnType<typeof plant> | ReturnType<typeof grow>} node
 * @param {number[]} ids
 */
const written = (node, ids) => ids.reduce((at, id) => grow(at, step(id)), /** @type {any} */ (node));

test("a token that is written again is the branch that is there", () => {
  const root = plant();
  const tip = written(root, [1, 2, 3]);
  assert.equal(written(root, [1, 2, 3]), tip);
  assert.deepEqual(
    path(tip).map(({ token }) => token.id),
    [1, 2, 3],
  );
  assert.equal(root.children.length, 1);
});

test("a stretch ends where the text forks", () => {
  const root = plant();
  const fork = written(root, [1, 2]);
  written(fork, [3, 4]);
  written(fork, [5]);
  assert.deepEqual(
    stretch(root.children[0]).map(({ token }) => token.id),
    [1, 2],
  );
  assert.equal(leaf(root).token?.id, 4);
});

test("pruning the branch that is shown shows the one beside it", () => {
  const root = plant();
  const fork = written(root, [1, 2]);
  const first = written(fork, [3, 4]);
  const second = written(fork, [5]);
  assert.equal(prune(fork.children[0], second), second);
  assert.equal(prune(fork.children[0], second), fork);
  assert.equal(fork.children.length, 0);
  assert.notEqual(first, second);
});

test("the surprisal of a stretch is the sum of its bits, and a probability of 0 is survived", () => {
  const root = plant();
  const tip = grow(grow(root, step(1, 0.25)), step(2, 0.5));
  assert.equal(surprisalOf(path(tip)), 3);
  assert.ok(Number.isFinite(surprisalOf([grow(root, step(3, 0))])));
});

test("an alternative takes the place of a step, with what was weighed there", () => {
  const other = { id: 9, text: "x", special: false, logit: 1, probability: 0.1, final_probability: 0.2, rank: 4 };
  const made = instead({ ...step(1), entropy: 7 }, { ...other, kept: true, cut_by: "" });
  assert.deepEqual([made.id, made.probability, made.rank, made.entropy], [9, 0.1, 4, 7]);
});

test("a file of branches has no way back and no end", () => {
  const root = plant();
  written(root, [1, 2]);
  const text = JSON.stringify(root.children.map(plain));
  assert.deepEqual(JSON.parse(text)[0].children[0].id, 2);
});
