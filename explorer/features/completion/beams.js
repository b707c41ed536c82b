// The tree of a beam search: one column per token, the beams that were kept, the best of those that were dropped.
import { find, h, svg } from "../../web/dom.js";
import { cut, decimals, tokens } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { stepName } from "../../web/steps.js";
import { runOf, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { bestPath, NAME_WIDTH, placed } from "./beam_places.js";

/** @typedef {import("../../web/calls.d.ts").BeamNode} BeamNode */
/** @typedef {import("../../web/calls.d.ts").BeamText} BeamText */
/** @typedef {import("./beam_places.js").Place} Place */

const LONG = 9;

/** @param {{ tree: SVGSVGElement, nodes: BeamNode[], finished: BeamText[] }} search */
function drawTree({ tree, nodes, finished }) {
  const { places, width, height } = placed(nodes);
  const best = bestPath(nodes, finished);
  const parts = [...places].flatMap(([index, place]) => {
    const from = nodes[index].parent === null ? undefined : places.get(/** @type {number} */ (nodes[index].parent));
    const kind = `${nodes[index].status}${best.has(index) ? " best" : ""}`;
    return [from ? line(from, place, kind) : null, ...names(nodes[index], place, kind)];
  });
  tree.setAttribute("width", String(width));
  tree.setAttribute("height", String(height));
  tree.replaceChildren(...parts.filter((part) => part !== null));
}

/**
 * @param {Place} from
 * @param {Place} to
 * @param {string} kind
 */
function line(from, to, kind) {
  const [x0, y0, x, y] = [from.x + 92, from.y - 4, to.x, to.y - 4];
  return svg("path", { class: `beam-line ${kind}`, d: `M${x0},${y0} C${x - 18},${y0} ${x - 34},${y} ${x - 4},${y}` });
}

/**
 * @param {BeamNode} node
 * @param {Place} place
 * @param {string} kind
 */
function names(node, { x, y }, kind) {
  return [
    svg("text", { x, y, class: `beam-token ${kind}` }, cut(stepName(node), LONG)),
    svg("text", { x: x + NAME_WIDTH, y, class: "beam-score" }, decimals(node.score, 1)),
  ];
}

/** @param {BeamText} found */
function textNode(found) {
  const values = { text: found.text, score: decimals(found.score, 3), tokens: tokens(found.tokens) };
  return h("li", { dir: "auto" }, _("{text}  ({score} nats per token, {tokens})", values));
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const tree = find(element, ".beams-tree", SVGSVGElement);
  const search = { tree, nodes: /** @type {BeamNode[]} */ ([]), finished: /** @type {BeamText[]} */ ([]) };
  const tools = streamTools(element, "beams", { onMessage: receive, onEnd: () => _("Done.") });

  /** @param {{ nodes: BeamNode[], finished: BeamText[] }} message */
  function receive({ nodes, finished }) {
    search.nodes.push(...nodes);
    search.finished = finished;
    show(true);
    drawTree(search);
    find(element, ".beams-texts").replaceChildren(...finished.map(textNode));
    element.dataset.nodes = String(search.nodes.length);
    tools.say(_("Step {depth}…", { depth: String(search.nodes[search.nodes.length - 1].depth) }));
  }

  /** @param {boolean} drawn */
  function show(drawn) {
    for (const name of [".beams-scroll", ".beams-note"]) find(element, name).hidden = !drawn;
  }

  function clear() {
    Object.assign(search, { nodes: [], finished: [] });
    show(false);
    find(element, ".beams-texts").replaceChildren();
  }

  find(element, "[data-do=search]").addEventListener("click", () => {
    if (!runOf(props)) return;
    clear();
    tools.start({ run: "main", width: state.beams, max_new_tokens: state.beam_length });
  });
  subscribe(
    element,
    (_state, changed) => {
      if (!changed.includes("main")) return;
      clear();
      tools.stop("");
    },
    ["main"],
  );
}
