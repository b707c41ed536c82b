// How often a model answers such questions right: measured on twenty of them, for the model at hand.
import { find } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { stream } from "../../web/server.js";
import { state } from "../../web/store.js";

/** @typedef {import("../../web/calls.d.ts").SuccessMessage} SuccessMessage */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

const SMALL = 50_000_000; // parameters; larger models are measured when someone asks for it

/**
 * @param {string} model
 * @param {SuccessMessage} message
 */
export function sentenceOf(model, { done, of, right }) {
  if (!right) return _("Asking {model} {of} such questions: {done} done…", { model, done, of });
  const [none, one, every] = right;
  return _(
    "Of {of} such questions {model} answers {every} right with all examples, {one} with the first, {none} with none.",
    { model, of, every, one, none },
  );
}

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} place
 */
export function createSuccess(element, place) {
  const line = find(place, ".success");
  const button = find(place, "[data-do=measure]", HTMLButtonElement);
  const work = stream(element, "prompting_success");
  /** @type {RunFacts | null} */
  let run = null;
  let measured = "";

  const name = () =>
    run && state.prompt_task !== "own" ? JSON.stringify([run.model, run.changes, state.prompt_task]) : "";

  function clear() {
    work.stop();
    measured = "";
    line.textContent = "";
    button.hidden = true;
  }

  function measure() {
    const task = state.prompt_task;
    if (!run || task === "own") return;
    const { model } = run;
    measured = name();
    button.hidden = true;
    work.start({ model, task, changes: run.changes }, (message) => {
      line.textContent = sentenceOf(model, message);
    });
  }

  button.addEventListener("click", measure);
  return {
    /**
     * Takes back what was measured for another model or task.
     * @param {RunFacts} facts
     */
    update(facts) {
      run = facts;
      if (measured !== name()) clear();
    },
    /** The answers are there: measures a small model at once, and offers it for others. */
    offer() {
      if (name() === "" || measured === name()) return;
      if (run && run.parameters <= SMALL) measure();
      else button.hidden = false;
    },
  };
}
