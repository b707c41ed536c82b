import assert from "node:assert/strict";
import { test } from "node:test";
import {
  graft,
  grow,
  instead,
  leaf,
  linkedBranch,
  otherBranches,
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

test("a tree comes back from a link with its branches in their order, whichever is shown", () => {
  const root = plant();
  const fork = written(root, [1, 2]);
  written(fork, [3, 4]);
  const shown = written(fork, [5, 6]);
  written(shown.parent, [7]);
  written(root, [8]);
  written(fork.children[0], [9]);
  const others = otherBranches(root, shown);
  assert.equal(others.length, 4);

  const again = plant();
  const ways = [
    graft(
      again,
      [],
      { depth: 0, place: 0 },
      path(shown).map(({ token }) => token),
    ),
  ];
  for (const value of others) {
    const [way, depth, place, ...ids] = linkedBranch(value, ways.length) ?? assert.fail("not believed");
    ways.push(
      graft(
        again,
        ways[way],
        { depth, place },
        ids.map((id) => step(id)),
      ),
    );
  }
  assert.deepEqual(again.children.map(plain), root.children.map(plain));
  assert.deepEqual(
    ways[0].map(({ token }) => token.id),
    [1, 2, 5, 6],
  );
});

test("a branch that leaves no way listed before it, or is not of whole numbers, is not believed", () => {
  assert.deepEqual(linkedBranch([0, 2, 1, 7], 1), [0, 2, 1, 7]);
  for (const wrong of [null, 3, [], [0, 1, 0], [1, 0, 0, 5], [0, -1, 0, 5], [0, 1.5, 0, 5], ["0", 1, 0, 5]]) {
    assert.equal(linkedBranch(wrong, 1), null);
  }
});
