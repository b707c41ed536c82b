// The branches of a completion: walk, prune, export.
import { find, h } from "../../web/dom.js";
import { bits, cut, tokens } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { lineText } from "../../web/steps.js";
import { set } from "../../web/store.js";
import { leaf, path, prune, stretch, surprisalOf } from "./branches.js";
import { savedBranches } from "./saved.js";
import { onWritten, show, written } from "./written.js";

/** @typedef {import("./branches.js").Branch} Branch */

const SHOWN = 60;

/** @param {Branch} tip */
function walk(tip) {
  set({ written_token: -1 });
  show(leaf(tip));
}

/**
 * A stretch of text without a fork is one line of the tree.
 * @param {Branch} node
 * @param {ReadonlySet<Branch>} current
 * @returns {HTMLElement}
 */
function branchNode(node, current) {
  const nodes = stretch(node);
  const last = nodes[nodes.length - 1];
  const short = cut(
    nodes
      .map(({ token }) => lineText(token))
      .join("")
      .trim(),
    SHOWN + 1,
  );
  const go = {
    class: "branch",
    dir: "auto",
    "aria-label": _("Show the branch {text}", { text: short }),
    "aria-current": nodes.some((other) => current.has(other)),
    onclick: () => walk(last),
  };
  const away = {
    class: "branch",
    "aria-label": _("Prune the branch {text}", { text: short }),
    "data-unprinted": true,
    onclick: () => show(prune(node, written.tip)),
  };
  const facts = _(" {tokens}, {bits} ", { tokens: tokens(nodes.length), bits: bits(surprisalOf(nodes)) });
  const inner = last.children.length ? listOf(last.children, current) : null;
  return h("li", null, h("button", go, short), h("span", { class: "note" }, facts), h("button", away, "×"), inner);
}

/**
 * @param {readonly Branch[]} nodes
 * @param {ReadonlySet<Branch>} current
 */
function listOf(nodes, current) {
  return h(
    "ul",
    null,
    nodes.map((node) => branchNode(node, current)),
  );
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const list = find(element, ".tree-list");

  function draw() {
    const { root, tip } = written;
    find(element, ".tree-body").hidden = root.children.length === 0;
    const current = new Set(path(tip));
    list.replaceChildren(...root.children.map((node) => branchNode(node, current)));
    element.dataset.branches = String(list.querySelectorAll("li").length);
  }

  savable(element, () => (written.root.children.length ? savedBranches(written.root, [list]) : null));
  onWritten(draw);
  draw();
}
