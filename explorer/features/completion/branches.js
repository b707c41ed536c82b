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
