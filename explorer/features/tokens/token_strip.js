// The text as the model reads it: one cell per character group, coloured in turn; focus, hover or click tells more.
import { closest, find, h, listbox } from "../../web/dom.js";
import { _, _n } from "../../web/language.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { tokenName } from "../../web/tokens.js";
import { cellOfToken, cellsOf, directionOf } from "./cells.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("./cells.js").Cell} Cell */

const CHUNK = 1500;
const LONG = 24; // characters; a longer token may be broken over lines

/** @type {[() => string, (token: TokenRow, position: number) => string | number][]} */
const FACTS = [
  [() => _("position"), (_token, position) => position],
  [() => _("id"), (token) => token.id],
  [() => _("piece"), (token) => token.piece],
  [() => _("bytes"), (token) => token.bytes || _("none")],
  [() => _("characters"), (token) => (token.end > token.start ? span(token) : _("none"))],
];

/** @param {TokenRow} token */
const span = ({ start, end }) => _("{start} to {end}", { start: String(start), end: String(end) });

/**
 * @param {string} name
 * @param {string | number} value
 */
const fact = (name, value) => h("span", null, h("b", null, name), h("code", { dir: "auto" }, value));

/**
 * What is said about one cell.
 * @param {readonly TokenRow[]} tokens
 * @param {Cell} cell
 */
function details(tokens, { first, count }) {
  const rows = tokens.slice(first, first + count).map((token, offset) => {
    const facts = FACTS.map(([name, read]) => fact(name(), read(token, first + offset)));
    return h("p", null, facts, token.special && fact(_("special"), _("yes")));
  });
  if (count === 1) return rows;
  const name = tokenName(tokens[first]);
  const why = _n(
    "{name} takes {count} token: the model spells it in parts.",
    "{name} takes {count} tokens: the model spells it in parts.",
    count,
    { name },
  );
  return [h("p", null, why), ...rows];
}

/**
 * One text as cells, drawn in parts so that a long one does not hold up the page.
 * @param {HTMLElement} node
 * @param {(strip: Strip, index: number) => void} tell
 */
function createStrip(node, tell) {
  const stack = /** @type {"source" | "target"} */ (node.dataset.stack);
  const root = find(node, ".strip");
  /** @type {Strip} */
  const strip = { stack, node, root, tokens: [], cells: [], cellOf: [], nodes: [], list: null };
  strip.list = listbox(root, {
    items: () => strip.nodes,
    selected: () => (state.token?.stack === stack ? (strip.cellOf[state.token.position] ?? -1) : -1),
    onSelect: (index) => set({ token: { stack, position: strip.cells[index].first } }),
    onFocus: (index) => tell(strip, index),
    follow: false,
  });
  root.addEventListener("pointerover", (event) => {
    const cell = closest(event, ".cell");
    if (cell) tell(strip, strip.nodes.indexOf(cell));
  });
  return strip;
}

/**
 * @typedef {object} Strip
 * @property {"source" | "target"} stack
 * @property {HTMLElement} node
 * @property {HTMLElement} root
 * @property {readonly TokenRow[]} tokens
 * @property {Cell[]} cells
 * @property {number[]} cellOf
 * @property {HTMLElement[]} nodes
 * @property {ReturnType<typeof listbox> | null} list
 */

/**
 * @param {Strip} strip
 * @param {Cell} cell
 * @param {number} index
 */
function cellNode({ tokens }, { first, count }, index) {
  const token = tokens[first];
  const long = [...token.piece].length > LONG;
  const marks = { "data-special": token.special, "data-count": count > 1 ? count : null, "data-long": long };
  return h("span", { class: "cell", "data-tone": index % 2, ...marks }, tokenName(token));
}

/**
 * Draws the cells from `from` on; `isCurrent` says whether a newer text has come.
 * @param {Strip} strip
 * @param {number} from
 * @param {() => boolean} isCurrent
 * @param {() => void} done
 */
function fill(strip, from, isCurrent, done) {
  if (!isCurrent()) return;
  const part = strip.cells.slice(from, from + CHUNK).map((cell, offset) => cellNode(strip, cell, from + offset));
  strip.nodes.push(...part);
  // A line may end after a token, and does where the text's own line ends.
  const breaks = part.map((_node, offset) => strip.tokens[strip.cells[from + offset].first].text.endsWith("\n"));
  strip.root.append(...part.flatMap((node, at) => [node, h(breaks[at] ? "br" : "wbr", { role: "presentation" })]));
  if (from + CHUNK < strip.cells.length) requestAnimationFrame(() => fill(strip, from + CHUNK, isCurrent, done));
  else done();
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const detail = find(element, ".strip-detail");
  const nodes = [...element.querySelectorAll(".strip-stack")].filter((node) => node instanceof HTMLElement);
  const [source, target] = nodes.map((node) => createStrip(node, tell));
  const name = props.run ?? "main";
  let drawing = 0;

  /**
   * @param {Strip | null} strip
   * @param {number} index
   */
  function tell(strip, index) {
    const cell = strip?.cells[index];
    const hint = _("Point at a token, or move with the arrow keys, to see its number and what it spells.");
    detail.replaceChildren(...(strip && cell ? details(strip.tokens, cell) : [h("p", { class: "note" }, hint)]));
  }

  function mark() {
    for (const strip of [source, target]) strip.list?.update();
    const chosen = state.token?.stack === "target" ? target : source;
    tell(chosen, state.token ? (chosen.cellOf[state.token.position] ?? -1) : -1);
  }

  /**
   * @param {Strip} strip
   * @param {readonly TokenRow[]} tokens
   * @param {string} text
   * @param {() => void} done
   */
  function load(strip, tokens, text, done) {
    const mine = drawing;
    strip.tokens = tokens;
    strip.cells = cellsOf(tokens);
    strip.cellOf = cellOfToken(strip.cells);
    strip.nodes = [];
    strip.root.replaceChildren();
    strip.root.dir = directionOf(text);
    fill(strip, 0, () => mine === drawing, done);
  }

  function draw() {
    const run = runOf(props);
    if (!run) return;
    drawing += 1;
    target.node.hidden = run.target_tokens.length === 0;
    find(source.node, ".strip-name").hidden = run.target_tokens.length === 0;
    load(target, run.target_tokens, run.target, () => {});
    load(source, run.tokens, run.text, () => {
      mark();
      element.dataset.drawn = String(run.run);
    });
  }

  for (const strip of [source, target]) strip.root.addEventListener("pointerleave", mark);
  subscribe(element, (_state, changed) => (changed.includes(name) || !element.dataset.drawn ? draw() : mark()), [
    name,
    "token",
  ]);
}
