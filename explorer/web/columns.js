// Completions side by side, tokens coloured by probability; where two of them part, the first difference is marked.
import { find, h } from "./dom.js";
import { _, _n } from "./language.js";
import { sideLetter } from "./sides.js";
import { colour, stepFacts, stepNode } from "./steps.js";
import { subscribe } from "./store.js";
import { streamTools } from "./stream_tools.js";

/** @typedef {import("./calls.d.ts").ColumnMessage} ColumnMessage */
/** @typedef {import("./calls.d.ts").ColumnHead} ColumnHead */
/** @typedef {import("./calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {import("./calls.d.ts").Streams} Streams */
/** @typedef {{ title: string, steps: StepAnswer[] }} Written */
/** @typedef {Written & { nodes: HTMLElement[], text: HTMLElement, end: HTMLElement }} Column */

/**
 * @param {string} reason
 * @param {number} count  of tokens written
 */
function reasonOf(reason, count) {
  /** @type {Record<string, string>} */
  const reasons = {
    end: _n("The model ended the text after {count} token.", "The model ended the text after {count} tokens.", count),
    "stop text": _("The stop text appeared."),
    length: _n("Stopped at {count} token.", "Stopped at {count} tokens.", count),
    context: _("The model's context is full."),
  };
  return reasons[reason] ?? "";
}

/**
 * The place of the first token in which two texts differ, −1 as far as they are the same.
 * @param {readonly { text: string }[]} left
 * @param {readonly { text: string }[]} right
 */
export const firstDifference = (left, right) =>
  left.findIndex((token, place) => place < right.length && right[place].text !== token.text);

/**
 * Where two texts part: the place of the first token in each, null as far as they are the same. Tokens of one
 * vocabulary are compared as they are; across two vocabularies it is the tokens with which characters come to differ.
 * @param {readonly { text: string }[]} left
 * @param {readonly { text: string }[]} right
 * @param {boolean} sameVocabulary
 * @returns {[number, number] | null}
 */
export function partingOf(left, right, sameVocabulary) {
  if (sameVocabulary) {
    const place = firstDifference(left, right);
    return place < 0 ? null : [place, place];
  }
  const [one, other] = [left, right].map((tokens) => tokens.map(({ text }) => text).join(""));
  const shared = Math.min(one.length, other.length);
  const at = Array.from({ length: shared }).findIndex((_none, place) => one[place] !== other[place]);
  return at < 0 ? null : [tokenAt(left, at), tokenAt(right, at)];
}

/**
 * The token that a character belongs to.
 * @param {readonly { text: string }[]} tokens
 * @param {number} character
 */
function tokenAt(tokens, character) {
  let end = 0;
  return tokens.findIndex(({ text }) => {
    end += text.length;
    return end > character;
  });
}

/** @param {StepAnswer} token */
function tokenNode(token) {
  const node = stepNode(token, { title: stepFacts(token), dir: "auto" });
  colour(node, token, "probability");
  return node;
}

/**
 * @param {ColumnHead} head
 * @param {"A" | "B"} letter
 * @param {HTMLElement} grid
 * @returns {Column}
 */
function addColumn({ title, shown }, letter, grid) {
  const text = h("div", { class: "stream-text column-text" });
  const end = h("p", { class: "note" });
  const heading = h("h3", { class: "tree-title", dir: "auto" }, sideLetter(letter), " ", title);
  const prompt = shown && h("pre", { class: "column-prompt", dir: "auto" }, shown);
  grid.append(h("section", { class: "side-column" }, heading, prompt, text, end));
  return { title, steps: [], nodes: [], text, end };
}

/**
 * The view: a button that writes, one that stops, and a column for each text.
 * @param {HTMLElement} element
 * @param {{ request: () => Streams["write_two"]["request"] | null, sameVocabulary: () => boolean,
 *   onVerdict?: (said: string) => void, onParting?: (places: [number, number] | null) => void }} options
 *   onVerdict hears whether they differ, "" while there is nothing to say; onParting where, null before they do
 */
export function sideBySide(element, { request, sameVocabulary, onVerdict = () => {}, onParting = () => {} }) {
  const write = h("button", { class: "action says", "data-do": "write" }, _("Write side by side"));
  const stop = h("button", { class: "action", "data-do": "stop", disabled: true }, _("Stop"));
  const state = h("span", { class: "stream-state note", role: "status" });
  const grid = h("div", { class: "columns-grid" });
  find(element, ".view").prepend(h("div", { class: "stream-tools" }, write, stop, state), grid);
  /** @type {Column[]} */
  let columns = [];
  /** @type {[number, number] | null} */
  let differs = null;
  const tools = streamTools(element, "write_two", { onMessage: receive, onEnd: () => verdict(true) });

  /** @param {boolean} whole */
  function verdict(whole) {
    if (differs) return _("They diverge at token {place}.", { place: differs[0] + 1 });
    return whole ? _("The same from start to end.") : _("The same so far.");
  }

  /** @param {ColumnMessage} message */
  function receive({ columns: heads, column: place, steps = [], finish_reason: reason = "" }) {
    if (heads) columns = heads.map((head, side) => addColumn(head, side ? "B" : "A", grid));
    if (place === undefined) return;
    const { steps: known, nodes, text, end } = columns[place];
    const added = steps.map(tokenNode);
    known.push(...steps);
    nodes.push(...added);
    text.append(...added);
    end.textContent = reasonOf(reason, known.length);
    compare();
    tools.say(_("Writing… {verdict}", { verdict: verdict(false) }));
    say();
  }

  function say() {
    onVerdict(columns.some(({ steps }) => steps.length) ? verdict(!tools.running) : "");
  }

  function compare() {
    if (!differs) {
      differs = partingOf(columns[0].steps, columns[1].steps, sameVocabulary());
      if (differs) onParting(differs);
    }
    if (!differs) return;
    element.dataset.differs = String(differs[0]);
    for (const [side, { nodes }] of columns.entries()) {
      const node = nodes[differs[side]];
      if (!node || node.dataset.differs !== undefined) continue;
      node.dataset.differs = "";
      node.title = _("{facts}; the first difference", { facts: node.title });
    }
  }

  function clear() {
    grid.replaceChildren();
    columns = [];
    differs = null;
    onParting(null);
    delete element.dataset.differs;
  }

  async function begin() {
    const asked = request();
    if (!asked) return;
    clear();
    await tools.start(asked);
    say();
  }

  write.addEventListener("click", begin);
  subscribe(
    element,
    (_state, changed) => {
      if (!changed.includes("main") && !changed.includes("other")) return;
      clear();
      tools.stop("");
    },
    ["main", "other"],
  );
  return {
    /** Writes both anew. */
    write: begin,
    /** Says again whether they differ. */
    say,
    /** What is written so far; to read, not to change. */
    get texts() {
      return columns.filter(({ steps }) => steps.length);
    },
    /** Whether anything is written. */
    get drawn() {
      return columns.length > 0;
    },
  };
}
