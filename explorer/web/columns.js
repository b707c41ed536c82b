// Completions side by side, tokens coloured by probability; where two of them part, the first difference is marked.
import { find, h } from "./dom.js";
import { _, _n } from "./language.js";
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

/** @param {StepAnswer} token */
function tokenNode(token) {
  const node = stepNode(token, { title: stepFacts(token), dir: "auto" });
  colour(node, token, "probability");
  return node;
}

/**
 * @param {ColumnHead} head
 * @param {HTMLElement} grid
 * @returns {Column}
 */
function addColumn({ title, shown }, grid) {
  const text = h("div", { class: "stream-text column-text" });
  const end = h("p", { class: "note" });
  const prompt = shown && h("pre", { class: "column-prompt", dir: "auto" }, shown);
  grid.append(
    h("section", { class: "side-column" }, h("h3", { class: "tree-title", dir: "auto" }, title), prompt, text, end),
  );
  return { title, steps: [], nodes: [], text, end };
}

/**
 * The view: a button that writes, one that stops, and a column for each text.
 * @template {"write_two" | "prompting"} N
 * @param {HTMLElement} element
 * @param {N} name
 * @param {{ request: () => Streams[N]["request"] | null, marked: boolean, onVerdict?: (said: string) => void }} options
 *   marked: two texts are compared; onVerdict hears whether they differ, "" while there is nothing to say
 */
export function sideBySide(element, name, { request, marked, onVerdict = () => {} }) {
  const write = h("button", { class: "action says", "data-do": "write" }, _("Write side by side"));
  const stop = h("button", { class: "action", "data-do": "stop", disabled: true }, _("Stop"));
  const state = h("span", { class: "stream-state note", role: "status" });
  const grid = h("div", { class: "columns-grid" });
  find(element, ".view").prepend(h("div", { class: "stream-tools" }, write, stop, state), grid);
  /** @type {Column[]} */
  let columns = [];
  let differs = -1;
  const tools = streamTools(element, name, { onMessage: receive, onEnd: () => (marked ? verdict(true) : _("Done.")) });

  /** @param {boolean} whole */
  function verdict(whole) {
    if (differs >= 0) return _("They diverge at token {place}.", { place: differs + 1 });
    return whole ? _("The same from start to end.") : _("The same so far.");
  }

  /** @param {ColumnMessage} message */
  function receive({ columns: heads, column: place, steps = [], finish_reason: reason = "" }) {
    if (heads) columns = heads.map((head) => addColumn(head, grid));
    if (place === undefined) return;
    const { steps: known, nodes, text, end } = columns[place];
    const added = steps.map(tokenNode);
    known.push(...steps);
    nodes.push(...added);
    text.append(...added);
    end.textContent = reasonOf(reason, known.length);
    if (marked) compare();
    tools.say(marked ? _("Writing… {verdict}", { verdict: verdict(false) }) : _("Writing…"));
    say();
  }

  function say() {
    onVerdict(columns.some(({ steps }) => steps.length) ? verdict(!tools.running) : "");
  }

  function compare() {
    if (differs < 0) differs = firstDifference(columns[0].steps, columns[1].steps);
    if (differs < 0) return;
    element.dataset.differs = String(differs);
    for (const { nodes } of columns) {
      const node = nodes[differs];
      if (!node || node.dataset.differs !== undefined) continue;
      node.dataset.differs = "";
      node.title = _("{facts}; the first difference", { facts: node.title });
    }
  }

  function clear() {
    grid.replaceChildren();
    columns = [];
    differs = -1;
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
      if (!changed.includes("main")) return;
      clear();
      tools.stop("");
    },
    ["main"],
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
