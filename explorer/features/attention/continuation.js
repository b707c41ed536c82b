// The model writes on; then prompt and continuation are run as one text, so that every view shows them together.
import { find } from "../../web/dom.js";
import { _, _n } from "../../web/language.js";
import { start } from "../../web/runs.js";
import { stream } from "../../web/server.js";
import { set, state, subscribe } from "../../web/store.js";
import { shownRun } from "./asked.js";
import { beforeContinued, continuedAt } from "./continued.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").ContinuationAnswer} ContinuationAnswer */

/**
 * @param {ContinuationAnswer} answer
 * @param {number} most
 */
function told({ tokens, completion }, most) {
  const values = { tokens, completion };
  return _n("{tokens} of {count} token: {completion}", "{tokens} of {count} tokens: {completion}", most, values);
}

/**
 * The run as it was before the model wrote on, null where it did not.
 * @param {RunFacts} run
 */
function before({ model, kind, text, target }) {
  const ofTarget = kind === "encoder-decoder";
  const own = beforeContinued(state.attention_continued, ofTarget ? target : text);
  if (own === null) return null;
  return ofTarget ? { model, text, target: own } : { model, text: own, target };
}

/** @param {ContinuationAnswer} answer */
const added = ({ completion }) =>
  completion ? _("Added: {completion}", { completion }) : _("The model ends the text here: it added nothing.");

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const line = find(element, ".continuation-line");
  const begin = find(element, '[data-do="start"]', HTMLButtonElement);
  const halt = find(element, '[data-do="stop"]', HTMLButtonElement);
  const back = find(element, '[data-do="back"]', HTMLButtonElement);
  const writing = stream(element, "continuation");
  const { name } = shownRun(props);

  /** @param {boolean} isWorking */
  function show(isWorking) {
    begin.disabled = isWorking;
    halt.disabled = !isWorking;
  }

  /** @param {RunFacts} run */
  async function write(run) {
    const count = state.attention_added;
    /** @type {ContinuationAnswer | null} */
    let last = null;
    show(true);
    try {
      const ended = await writing.start({ run: name, count }, (answer) => {
        last = answer;
        line.textContent = told(answer, count);
      });
      if (ended && last) finish(run, last);
    } finally {
      show(false);
    }
  }

  /**
   * @param {RunFacts} run
   * @param {ContinuationAnswer} answer
   */
  function finish(run, answer) {
    line.textContent = added(answer);
    const { continued } = answer;
    if (!continued) return;
    const written = run.kind === "encoder-decoder" ? continued.target : continued.text;
    set({ attention_continued: continuedAt(continued.start, written) });
    start(name, { model: run.model, text: continued.text, target: continued.target });
  }

  begin.addEventListener("click", () => {
    const { run } = shownRun(props);
    if (run) write(run);
  });
  halt.addEventListener("click", () => writing.stop());
  back.addEventListener("click", () => {
    const { run } = shownRun(props);
    const own = run && before(run);
    if (own) start(name, own);
    line.textContent = "";
  });
  subscribe(element, () => {
    const { run } = shownRun(props);
    back.hidden = !run || !before(run);
  }, [name, "attention_continued"]);
  show(false);
}
