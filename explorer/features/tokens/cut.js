// What the tab shows: the run's tokens, what is being typed, or the board; and how a second tokenizer cuts the same.
import { latest } from "../../web/server.js";
import { runOf, state, subscribe } from "../../web/store.js";
import { notYetRun } from "../../web/typed.js";

/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {{ model: string, tokens: readonly TokenRow[] | null }} Second  null while they are on their way */
/**
 * @typedef {object} Cut
 * @property {"run" | "typed" | "board"} source
 * @property {string} model
 * @property {string} text
 * @property {string} target
 * @property {readonly TokenRow[]} tokens
 * @property {readonly TokenRow[]} target_tokens
 * @property {number | null} context  of the model, in tokens
 * @property {number} vocab
 * @property {Second | null} second
 */
/** @typedef {{ language: string, lang: string, text: string }} BoardLine */

const PAUSE_MS = 120; // after a key, before the text is cut: shorter than most people's next key
const KEYS = ["main", "typed", "tokens_board", "tokens_second"];

/**
 * The text to show, without its tokens.
 * @param {RunFacts} run
 * @param {readonly BoardLine[]} board
 */
function wanted(run, board) {
  const { model, context, vocab } = run;
  const facts = { model, context, vocab };
  if (state.tokens_board) {
    const text = board.map((line) => line.text).join("\n");
    return { ...facts, source: /** @type {const} */ ("board"), text, target: "" };
  }
  const typed = notYetRun(state.typed, run);
  if (typed) return { ...facts, source: /** @type {const} */ ("typed"), ...typed };
  return { ...facts, source: /** @type {const} */ ("run"), text: run.text, target: run.target };
}

/**
 * Tells what to show, now and whenever it changes: first as the model cuts it, then with the second tokenizer.
 * @param {HTMLElement} element
 * @param {{ props: any, secondStatus?: HTMLElement, tell: (cut: Cut) => void }} options
 *   secondStatus: where it is said why a second tokenizer cannot be had; without it none is asked for
 */
export function follow(element, { props, secondStatus, tell }) {
  const ask = latest(element);
  const askSecond = secondStatus && latest(secondStatus);
  let timer = 0;
  let version = 0;

  /** @param {RunFacts} run */
  async function refresh(run) {
    const mine = ++version;
    const text = wanted(run, props.board);
    const { model } = text;
    const tokens = text.source === "run" ? run : await ask("cut", { model, text: text.text, target: text.target });
    if (mine !== version) return;
    const { tokens: first, target_tokens: target } = tokens;
    const name = askSecond ? state.tokens_second : "";
    const cut = { ...text, tokens: first, target_tokens: target };
    tell({ ...cut, second: name ? { model: name, tokens: null } : null });
    if (!name || !askSecond) return;
    const second = await askSecond("cut", { model: name, text: text.text });
    if (mine === version) tell({ ...cut, second: { model: name, tokens: second.tokens } });
  }

  subscribe(
    element,
    async (_state, changed) => {
      const run = runOf(props);
      if (!run) return;
      clearTimeout(timer);
      if (changed.length === 1 && changed[0] === "typed") timer = window.setTimeout(() => refresh(run), PAUSE_MS);
      else await refresh(run);
    },
    KEYS,
  );
}
