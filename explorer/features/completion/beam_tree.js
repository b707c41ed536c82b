// The drawing of a beam search: a node is a token with a number under it, so that the two never meet.
import { find, svg } from "../../web/dom.js";
import { decimals, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { stepName } from "../../web/steps.js";
import { wordName } from "../../web/tokens.js";
import { bestPath, placed } from "./beam_places.js";

/** @typedef {import("../../web/calls.d.ts").BeamNode} BeamNode */
/** @typedef {import("../../web/calls.d.ts").BeamText} BeamText */
/** @typedef {import("./beam_places.js").Place} Place */
/** @typedef {{ nodes: BeamNode[], finished: BeamText[], depth: number }} Search */

const GAP = 26; // between the end of a node and the next column, for the lines
const PAD = 6;

/**
 * How likely the tokens up to here are on average: the geometric mean of their probabilities.
 * @param {{ score: number }} node  score: nats per token
 */
export const meanProbability = ({ score }) => Math.exp(score);

/** @type {(score: number) => string} */
export const bitsPerToken = (score) => decimals(-score / Math.LN2, 2);

/**
 * A text as long as the room, an ellipsis at its end where it is longer.
 * @param {SVGTextElement} node
 * @param {number} room
 */
function fit(node, room) {
  const characters = [...(node.textContent ?? "")];
  while (characters.length > 1 && node.getComputedTextLength() > room) {
    characters.pop();
    node.textContent = `${characters.join("")}…`;
  }
}

/** @param {BeamNode} node */
function titleOf(node) {
  const values = {
    token: stepName(node),
    share: percent(node.probability),
    mean: percent(meanProbability(node)),
    total: percent(Math.exp(node.score * node.depth)),
    bits: bitsPerToken(node.score),
  };
  return _("{token}: {share} here; the whole text so far {total}, on average {mean} or {bits} bits a token", values);
}

/**
 * @param {Place} from
 * @param {Place} to
 * @param {{ kind: string, column: number }} look
 */
function line(from, to, { kind, column }) {
  const [x0, x] = [from.x + column - GAP, to.x - 4];
  const middle = (x0 + x) / 2;
  return svg("path", {
    class: `beam-line ${kind}`,
    d: `M${x0},${from.y} C${middle},${from.y} ${middle},${to.y} ${x},${to.y}`,
  });
}

/**
 * @param {BeamNode} node
 * @param {Place} place
 * @param {{ kind: string, column: number, row: number }} look
 */
function nodeOf(node, { x, y }, { kind, column, row }) {
  const [width, height] = [column - GAP, row - 6];
  const box = svg("rect", { class: "beam-box", x, y: y - height / 2, width, height, rx: 8 });
  const name = svg(
    "text",
    { class: "beam-token", x: x + PAD, y: y + (row > 40 ? -3 : 5), direction: "ltr" },
    wordName(node),
  );
  const share = row > 40 && svg("text", { class: "beam-score", x: x + PAD, y: y + 14 }, percent(meanProbability(node)));
  return svg("g", { class: `beam-node ${kind}` }, svg("title", null, titleOf(node)), box, name, share);
}

/**
 * Draws the tree as it stands into the room there is.
 * @param {SVGSVGElement} tree
 * @param {Search} search
 */
export function drawTree(tree, { nodes, finished, depth }) {
  const frame = /** @type {HTMLElement} */ (tree.parentElement);
  const room = { width: frame.clientWidth, height: frame.clientHeight - 4 };
  const { places, column, row, width, height } = placed(nodes, room, depth);
  const best = bestPath(nodes, finished);
  const kindOf = (/** @type {number} */ index) => `${nodes[index].status}${best.has(index) ? " best" : ""}`;
  const lines = [...places].map(([index, place]) => {
    const { parent } = nodes[index];
    const from = parent === null ? undefined : places.get(parent);
    return from ? line(from, place, { kind: kindOf(index), column }) : null;
  });
  const boxes = [...places].map(([index, place]) => nodeOf(nodes[index], place, { kind: kindOf(index), column, row }));
  tree.setAttribute("width", String(width));
  tree.setAttribute("height", String(height));
  tree.replaceChildren(...lines.filter((part) => part !== null), ...boxes);
  for (const box of boxes) fit(find(box, ".beam-token", SVGTextElement), column - GAP - 2 * PAD);
}
