// The form: a task to begin with, the table of examples, the question, and how they are written.
import { setControls } from "../../web/controls.js";
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { segmented } from "../../web/segmented.js";
import { set, state } from "../../web/store.js";
import { MAX_ROWS, rowsOf, withCell } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../../web/store.js").State["prompt_task"]} TaskName */
/**
 * @typedef {object} Task
 * @property {Exclude<TaskName, "own">} name
 * @property {import("../../web/store.js").State["prompt_shape"]} shape
 * @property {string} instruction
 * @property {Row[]} examples
 * @property {string} question
 */

const CHARACTERS = 300;

/** What makes a prompt; a change of the first three makes another task of it. */
export const PROMPT_KEYS = ["prompt_examples", "instruction", "prompt_shape", "question", "prompt_length"];

/** @returns {Record<TaskName, string>} */
const titles = () => ({
  look_up: _("Look it up"),
  repeat: _("Say it again"),
  past: _("Past tense"),
  opposite: _("Opposite"),
  own: _("My own"),
});

/**
 * @param {Row} row
 * @param {number} index
 * @param {(rows: Row[]) => void} keep
 */
function rowNode(row, index, keep) {
  const values = { number: String(index + 1) };
  const cells = row.map((text, at) => {
    const column = at === 0 ? 0 : 1;
    const label = column ? _("Answer {number}", values) : _("Example {number}", values);
    /** @param {Event} event */
    const oninput = ({ target }) =>
      target instanceof HTMLInputElement && keep(withCell(rowsOf(state.prompt_examples), index, column, target.value));
    const box = { type: "text", value: text, maxlength: CHARACTERS, dir: "auto", "aria-label": label, oninput };
    return h("td", null, h("input", box));
  });
  const remove = () => keep(rowsOf(state.prompt_examples).filter((_row, at) => at !== index));
  const label = _("Remove row {number}", values);
  return h(
    "tr",
    null,
    cells,
    h("td", null, h("button", { class: "action", "aria-label": label, onclick: remove }, "×")),
  );
}

/**
 * @param {HTMLElement} element
 * @param {{ tasks: readonly Task[], longest: number }} props
 * @param {() => void} ask
 */
export function createForm(element, { tasks, longest }, ask) {
  const body = find(element, "tbody");
  const add = find(element, "[data-do=add]", HTMLButtonElement);
  const length = find(element, ".prompting-length", HTMLInputElement);
  const [instruction, question] = ["instruction", "question"].map((name) =>
    find(element, `.prompting-${name}`, HTMLInputElement),
  );
  const task = segmented({ label: _("Task"), choices: choicesOf(titles()), onSelect: choose });
  const shape = segmented({
    label: _("Written as"),
    choices: [
      ["lines", _("lines")],
      ["labels", _("Input: … Output: …")],
    ],
    onSelect: (value) => own({ prompt_shape: value }),
  });

  /** @param {TaskName} name */
  function choose(name) {
    const found = tasks.find((one) => one.name === name);
    if (!found) return set({ prompt_task: "own" });
    setControls({
      prompt_task: found.name,
      prompt_examples: found.examples,
      prompt_shape: found.shape,
      instruction: found.instruction,
      question: found.question,
    });
    return ask();
  }

  /**
   * Changes what makes the task: it is one's own from now on.
   * @param {Partial<import("../../web/store.js").State>} patch
   */
  function own(patch) {
    set({ ...patch, prompt_task: "own" });
  }

  /** @param {Row[]} rows */
  const keep = (rows) => own({ prompt_examples: rows });

  find(element, ".prompting-task").append(task.element);
  find(element, ".prompting-shape").append(shape.element);
  length.max = String(longest);
  add.addEventListener("click", () => keep([...rowsOf(state.prompt_examples), ["", ""]]));
  instruction.addEventListener("input", () => own({ instruction: instruction.value }));
  question.addEventListener("input", () => set({ question: question.value }));
  length.addEventListener("input", () => length.validity.valid && set({ prompt_length: length.valueAsNumber }));
  find(element, ".prompting-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });

  return {
    /** Shows what the store says; what is being typed keeps its focus. */
    update() {
      const rows = rowsOf(state.prompt_examples);
      add.disabled = rows.length >= MAX_ROWS;
      task.update(state.prompt_task);
      shape.update(state.prompt_shape);
      for (const [box, value] of /** @type {const} */ ([
        [instruction, state.instruction],
        [question, state.question],
        [length, String(state.prompt_length)],
      ])) {
        if (box.value !== value) box.value = value;
      }
      const shown = [...body.querySelectorAll("input")].map(({ value }) => value);
      if (JSON.stringify(shown) === JSON.stringify(rows.flat())) return;
      body.replaceChildren(...rows.map((row, index) => rowNode(row, index, keep)));
    },
  };
}

/** @param {Record<TaskName, string>} names */
function choicesOf(names) {
  return /** @type {[TaskName, string][]} */ (Object.entries(names));
}
