// The prompt's line: it opens over the page while someone is in it, and shows the examples of the model at hand.
import { config } from "../web/configuration.js";
import { find, h, onResize } from "../web/dom.js";
import { _ } from "../web/language.js";
import { start } from "../web/runs.js";
import { state, subscribe } from "../web/store.js";

const MOMENTS = [0, 50, 400]; // ms
const OPENS = "#text, #target, .view-prompt_line";

/** @param {EventTarget | null} target */
const opens = (target) => target instanceof Element && target.closest(OPENS) !== null;

/** @param {HTMLElement} prompt */
function leave(prompt) {
  prompt.classList.remove("is-open");
  if (document.activeElement instanceof HTMLElement && prompt.contains(document.activeElement)) {
    document.activeElement.blur();
  }
}

/**
 * As high as its text: Gradio measures a box when something is typed, and folded it was one line.
 * @param {EventTarget | null} box
 */
function grow(box) {
  if (!(box instanceof HTMLTextAreaElement)) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

/**
 * A press on the line opens it, Escape, Run or a press elsewhere closes it.
 * @param {HTMLElement} prompt
 */
function foldable(prompt) {
  prompt.addEventListener("focusin", ({ target }) => {
    prompt.classList.toggle("is-open", opens(target));
    grow(target);
  });
  prompt.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && prompt.contains(relatedTarget))) prompt.classList.remove("is-open");
  });
  prompt.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) leave(prompt);
  });
  // A press on the examples must not take the focus, and with it the examples, away before it is a click.
  prompt.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest(".view-prompt_line")) event.preventDefault();
  });
}

/**
 * How far the model's name reaches in its closed box: the rest of its line in the list is not shown there.
 * @param {HTMLElement} prompt
 */
function measureName(prompt) {
  const box = prompt.querySelector("#model input");
  const pen = document.createElement("canvas").getContext("2d");
  if (!(box instanceof HTMLInputElement) || !pen) return;
  pen.font = getComputedStyle(box).font;
  box.style.setProperty("--name", `${Math.ceil(pen.measureText(box.value.split(" · ")[0]).width) + 1}px`);
}

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const list = find(element, ".examples-list", HTMLElement);
  const hint = find(element, ".prompt-hint", HTMLElement);
  const prompt = element.closest("#prompt");
  if (prompt instanceof HTMLElement) {
    foldable(prompt);
    // Gradio fills the box, and the browser its font, a moment later than either says.
    const measure = () => {
      for (const wait of MOMENTS) setTimeout(() => measureName(prompt), wait);
    };
    document.fonts.addEventListener("loadingdone", measure);
    onResize(prompt, measure);
    for (const name of ["focusout", "change", "click"]) prompt.addEventListener(name, measure);
    subscribe(element, measure, ["main", "progress"]);
  }

  /** @param {{ text: string, target: string }} sample */
  function button({ text, target }) {
    const run = () => {
      start("main", { model: state.main?.model ?? config.model, text, target });
      if (prompt instanceof HTMLElement) leave(prompt);
    };
    const shown = target ? `${text} → ${target}` : text;
    return h("button", { type: "button", class: "example", dir: "auto", onclick: run }, shown);
  }

  const own = config.hosted ? "" : _("The model's box also takes a Hub id or a folder.");
  const keys = _("Enter runs the text, Shift+Enter starts a new line.");
  subscribe(
    element,
    ({ main, progress }, changed) => {
      const about = config.about[main?.model ?? config.model] ?? "";
      hint.textContent = [keys, own, about].filter(Boolean).join(" ");
      list.replaceChildren(...(main?.samples ?? config.samples[config.model] ?? []).map(button));
      if (progress && changed.includes("progress") && prompt instanceof HTMLElement) leave(prompt);
    },
    ["main", "progress"],
  );
}
