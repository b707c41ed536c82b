// One question behind no, one and all examples, asked when the tab is opened and whenever someone asks.
import { find } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { active } from "../../web/runs.js";
import { savable } from "../../web/saving/offer.js";
import { runOf, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { createForm, PROMPT_KEYS } from "./form.js";
import { rowsOf } from "./rows.js";
import { saved } from "./saved.js";
import { createShots } from "./shots.js";
import { createSuccess } from "./success.js";

/** @typedef {import("../../web/calls.d.ts").Streams} Streams */

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const shots = createShots(find(element, ".shots"));
  const success = createSuccess(element, find(element, ".prompting-answers"));
  const form = createForm(element, props, ask);
  const tools = streamTools(element, "prompting", {
    onMessage: shots.receive,
    onEnd() {
      shots.headline(element, filled().length);
      element.dataset.answered = String(Number(element.dataset.answered ?? 0) + 1);
      success.offer();
      return "";
    },
  });
  /** The model and prompt that were asked about last, as text. */
  let asked = "";

  const filled = () => rowsOf(state.prompt_examples).filter((row) => row.every((text) => text.trim()));

  /** @returns {Streams["prompting"]["request"] | null} */
  function request() {
    const run = runOf(props);
    if (!run) return null;
    const { instruction, question, prompt_shape: shape, prompt_length: most } = state;
    const examples = rowsOf(state.prompt_examples);
    return {
      model: run.model,
      changes: active(state.changes),
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
    asked = JSON.stringify(wanted);
    stale();
    shots.clear();
    headline(element);
    tools.start(wanted);
  }

  /** Marks answers to another prompt than the one in the form. */
  function stale() {
    const old = asked !== "" && JSON.stringify(request()) !== asked;
    element.toggleAttribute("data-stale", old);
    if (!tools.running) tools.say(old ? _("Changed: ask again.") : "");
  }

  savable(element, () => {
    const { question, prompt_length: most } = state;
    const answered = shots.shots.filter(({ steps }) => steps.length);
    return answered.length ? saved(answered, { parts: [find(element, ".shots")], question, most }) : null;
  });
  subscribe(
    element,
    (_state, changed) => {
      form.update();
      const run = runOf(props);
      if (!run) return;
      success.update(run);
      // The first time, and when another model or text was run; a link's table is answered like any other.
      if (asked === "" || JSON.parse(asked).model !== run.model) ask();
      else if (changed.length) stale();
    },
    ["main", "prompt_task", ...PROMPT_KEYS],
  );
}
