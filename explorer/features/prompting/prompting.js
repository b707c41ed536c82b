// One question behind no, one and all examples, asked when the tab is opened and whenever someone asks.
import { find } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { showsBoth, sideLetter } from "../../web/sides.js";
import { runOf, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { createBeside, headlineOfBoth } from "./beside.js";
import { createForm, PROMPT_KEYS } from "./form.js";
import { rowsOf } from "./rows.js";
import { saved } from "./saved.js";
import { createShots } from "./shots.js";
import { createSuccess } from "./success.js";

/** @typedef {import("../../web/calls.d.ts").Streams} Streams */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/**
 * Which models answer, of what both sides are asked.
 * @param {string} asked
 */
function answering(asked) {
  const sides = /** @type {(Streams["prompting"]["request"] | null)[]} */ (JSON.parse(asked));
  return JSON.stringify(sides.map((side) => side && [side.model, side.changes]));
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const shots = createShots(find(element, ".shots"));
  const success = createSuccess(element, find(element, ".prompting-answers"));
  const form = createForm(element, props, ask);
  find(element, ".prompting-answers").prepend(sideLetter("A"));
  const beside = createBeside(element, tell);
  const tools = streamTools(element, "prompting", {
    onMessage: shots.receive,
    onEnd() {
      tell();
      element.dataset.answered = String(Number(element.dataset.answered ?? 0) + 1);
      success.offer();
      return "";
    },
  });
  /** The model and prompt that were asked about last, as text. */
  let asked = "";

  const filled = () => rowsOf(state.prompt_examples).filter((row) => row.every((text) => text.trim()));

  /** Says what was answered, by both sides where two are compared. */
  function tell() {
    const isPair = showsBoth() && [shots, beside].every((one) => one.shots.at(-1)?.steps.length);
    if (isPair) headlineOfBoth(element, shots.shots, beside.shots, filled().length);
    else shots.headline(element, filled().length);
  }

  /**
   * What a run's model is asked.
   * @param {RunFacts | null} [run]
   * @returns {Streams["prompting"]["request"] | null}
   */
  function request(run = runOf(props)) {
    if (!run) return null;
    const { instruction, question, prompt_shape: shape, prompt_length: most } = state;
    const examples = rowsOf(state.prompt_examples);
    return {
      model: run.model,
      changes: run.changes,
      instruction,
      question,
      examples,
      shape,
      max_new_tokens: most,
    };
  }

  function ask() {
    const wanted = request();
    if (!wanted) return;
    asked = written();
    stale();
    shots.clear();
    headline(element);
    tools.start(wanted);
    beside.ask(showsBoth() ? request(state.other) : null);
  }

  /** What both sides are asked, as text. */
  const written = () => JSON.stringify([request(), showsBoth() ? request(state.other) : null]);

  /** Marks answers to another prompt than the one in the form. */
  function stale() {
    const old = asked !== "" && written() !== asked;
    element.toggleAttribute("data-stale", old);
    if (!tools.running) tools.say(old ? _("Changed: ask again.") : "");
  }

  savable(element, () => {
    const { question, prompt_length: most } = state;
    const answered = shots.shots.filter(({ steps }) => steps.length);
    const there = showsBoth() ? beside.shots.filter(({ steps }) => steps.length) : [];
    const wanted = there.length ? ".prompting-answers .side-letter, .shots" : ".shots";
    const parts = [...element.querySelectorAll(wanted)].slice(0, there.length ? 4 : 1);
    return answered.length ? saved(answered, { parts, question, most, beside: there }) : null;
  });
  subscribe(
    element,
    (_state, changed) => {
      form.update();
      const run = runOf(props);
      if (!run) return;
      success.update(run);
      beside.update();
      // The first time, and when another model answers; a link's table is answered like any other.
      if (asked === "" || answering(asked) !== answering(written())) ask();
      else if (changed.length) stale();
    },
    ["main", "other", "compare_view", "prompt_task", ...PROMPT_KEYS],
  );
}
