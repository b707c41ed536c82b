// The branches of a completion as a tree: every token that was written once, forks where another was chosen.

/** @typedef {import("../../web/calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {{ token: StepAnswer, parent: Branch | Root, children: Branch[] }} Branch */
/** @typedef {{ token: null, parent: null, children: Branch[] }} Root */

/** @returns {Root} */
export const plant = () => ({ token: null, parent: null, children: [] });

/**
 * The child that holds this token, new unless it is there already.
 * @param {Branch | Root} node
 * @param {StepAnswer} token
 * @returns {Branch}
 */
export function grow(node, token) {
  const known = node.children.find((child) => child.token.id === token.id);
  if (known) {
    known.token = token;
    return known;
  }
  const child = { token, parent: node, children: [] };
  node.children.push(child);
  return child;
}

/**
 * The nodes from the root's child to this one.
 * @param {Branch | Root} node
 * @returns {Branch[]}
 */
export function path(node) {
  const found = [];
  for (let at = node; at.parent; at = at.parent) found.unshift(at);
  return found;
}

/**
 * The end of the first branch from here on.
 * @param {Branch | Root} node
 */
export function leaf(node) {
  let at = node;
  while (at.children.length) at = at.children[0];
  return at;
}

/**
 * The nodes from here to the next fork or end: one line of the tree.
 * @param {Branch} node
 */
export function stretch(node) {
  const nodes = [node];
  for (let at = node; at.children.length === 1; nodes.push(at)) at = at.children[0];
  return nodes;
}

/**
 * Takes a branch away; gives the tip that is left where `tip` was.
 * @param {Branch} node
 * @param {Branch | Root} tip
 */
export function prune(node, tip) {
  const isOnPath = path(tip).includes(node);
  node.parent.children = node.parent.children.filter((child) => child !== node);
  return isOnPath ? leaf(node.parent) : tip;
}

/**
 * One more branch than the text that is shown: it leaves way number `way` (0 is the shown text, 1 the first branch
 * listed, and so on) behind `depth` tokens, is child number `place` there, and goes on with these ids.
 * @typedef {[way: number, depth: number, place: number, ...ids: number[]]} LinkedBranch
 */

/**
 * All branches but the one that ends in the tip, so that a link can hold the tree.
 * @param {Root} root
 * @param {Branch | Root} tip
 * @returns {LinkedBranch[]}
 */
export function otherBranches(root, tip) {
  const ways = [path(tip)];
  const seen = new Set(ways[0]);
  /** @type {LinkedBranch[]} */
  const found = [];
  for (let way = 0; way < ways.length; way += 1) {
    for (const [depth, node] of [root, ...ways[way]].entries()) {
      for (const [place, child] of node.children.entries()) {
        if (seen.has(child)) continue;
        const other = path(leaf(child));
        for (const one of other) seen.add(one);
        ways.push(other);
        found.push([way, depth, place, ...other.slice(depth).map(({ token }) => token.id)]);
      }
    }
  }
  return found;
}

/**
 * A branch as a link holds it, null where it is none: of whole numbers, from a way listed before it.
 * @param {unknown} value
 * @param {number} ways  how many there are before it
 * @returns {LinkedBranch | null}
 */
export function linkedBranch(value, ways) {
  if (!Array.isArray(value) || value.length < 4) return null;
  const fits = value.every((one) => Number.isInteger(one) && one >= 0) && value[0] < ways;
  return fits ? /** @type {LinkedBranch} */ (value) : null;
}

/**
 * Grows a way of the tree: the steps behind `depth` tokens of another way, as child number `place` there.
 * @param {Root} root
 * @param {readonly Branch[]} way
 * @param {{ depth: number, place: number }} at
 * @param {readonly StepAnswer[]} steps
 * @returns {Branch[]}  the whole way
 */
export function graft(root, way, { depth, place }, steps) {
  const before = way.slice(0, depth);
  /** @type {Branch | Root} */
  const fork = before.at(-1) ?? root;
  let tip = fork;
  for (const token of steps) tip = grow(tip, token);
  const child = path(tip)[before.length];
  if (child) {
    fork.children = fork.children.filter((one) => one !== child);
    fork.children.splice(place, 0, child);
  }
  return path(tip);
}

/**
 * How surprising a stretch was to the model, in bits.
 * @param {readonly Branch[]} nodes
 */
export const surprisalOf = (nodes) =>
  nodes.reduce((sum, { token }) => sum - Math.log2(Math.max(token.probability, 1e-300)), 0);

/**
 * Another token in the place of a step, as if it had been written.
 * @param {StepAnswer} step
 * @param {import("../../web/calls.d.ts").CandidateAnswer} other
 * @returns {StepAnswer}
 */
export function instead({ entropy, final_entropy, alternatives }, other) {
  const { id, text, special, probability, final_probability, rank } = other;
  return { id, text, special, probability, final_probability, rank, entropy, final_entropy, alternatives };
}

/**
 * @typedef {StepAnswer & { children: PlainBranch[] }} PlainBranch
 */
/**
 * A branch for a file: what each token was, without the way back.
 * @param {Branch} node
 * @returns {PlainBranch}
 */
export const plain = ({ token, children }) => ({ ...token, children: children.map(plain) });

/**
 * The text that steps were written as.
 * @param {readonly Branch[]} steps
 */
export const textOf = (steps) => steps.map(({ token }) => (token.special ? "" : token.text)).join("");
