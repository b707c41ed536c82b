// Beam search: its tree as it grows, the texts it ends with. Once drawn it is drawn again for what is chosen next.
import { find, h, onResize } from "../../web/dom.js";
import { percent, tokens } from "../../web/format.js";
import { headline, said } from "../../web/headline.js";
import { _, _n } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { bitsPerToken, drawTree, meanProbability } from "./beam_tree.js";
import { afterPause } from "./pause.js";
import { savedBeams } from "./saved.js";

/** @typedef {import("../../web/calls.d.ts").BeamNode} BeamNode */
/** @typedef {import("../../web/calls.d.ts").BeamText} BeamText */

/** @param {BeamText} found */
function textNode(found) {
  const { text, score } = found;
  const share = percent(meanProbability(found));
  const facts = _("{share} a token on average, {tokens}", { share, tokens: tokens(found.tokens) });
  const title = _("{bits} bits a token", { bits: bitsPerToken(score) });
  return h(
    "li",
    { dir: "auto" },
    h("span", { class: "beam-text" }, text.trim()),
    h("span", { class: "note", title }, facts),
  );
}

/**
 * @param {HTMLElement} element
 * @param {BeamText[]} finished
 */
function sayBest(element, finished) {
  if (state.completion_part !== "beams") return;
  const [best] = finished;
  if (!best) return headline(element);
  const values = { share: percent(meanProbability(best)) };
  const found = _n(
    "The likeliest text of {count} beam, {share} a token:",
    "The likeliest text of {count} beams, {share} a token:",
    state.beams,
    values,
  );
  headline(element, `${found} `, said(`“${best.text.trim()}”`));
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const tree = find(element, ".beams-tree", SVGSVGElement);
  const search = { nodes: /** @type {BeamNode[]} */ ([]), finished: /** @type {BeamText[]} */ ([]), depth: 1 };
  const tools = streamTools(element, "beams", { onMessage: receive, onEnd: () => _("Done.") });
  const pause = afterPause(begin);

  /** @param {{ nodes: BeamNode[], finished: BeamText[] }} message */
  function receive({ nodes, finished }) {
    search.nodes.push(...nodes);
    search.finished = finished;
    draw();
    element.dataset.nodes = String(search.nodes.length);
    tools.say(_("Step {depth}…", { depth: String(search.nodes[search.nodes.length - 1].depth) }));
  }

  function draw() {
    const isDrawn = search.nodes.length > 0;
    find(element, ".beams-scroll").hidden = !isDrawn;
    if (isDrawn) drawTree(tree, search);
    find(element, ".beams-texts").replaceChildren(...search.finished.map(textNode));
    sayBest(element, search.finished);
  }

  function begin() {
    if (!runOf(props)) return;
    Object.assign(search, { nodes: [], finished: [], depth: state.beam_length });
    draw();
    tools.start({ run: "main", width: state.beams, max_new_tokens: state.beam_length });
  }

  find(element, "[data-do=search]").addEventListener("click", () => {
    set({ beams_drawn: true });
    begin();
  });
  find(element, "[data-do=stop]").addEventListener("click", () => set({ beams_drawn: false }));
  savable(element, () => {
    const { nodes, finished } = search;
    return nodes.length ? savedBeams(nodes, finished.length, [tree, find(element, ".beams-texts")]) : null;
  });
  onResize(find(element, ".beams-scroll"), draw);
  subscribe(
    element,
    (_state, changed) => {
      const isOther = !search.nodes.length || ["main", "beams", "beam_length"].some((key) => changed.includes(key));
      if (state.beams_drawn && runOf(props) && isOther) pause.ask();
      else draw();
    },
    ["main", "beams", "beam_length", "completion_part"],
  );
}
