// How far the run is, with a way to stop waiting, or one sentence about what went wrong.
import { find } from "../web/dom.js";
import { stop } from "../web/runs.js";
import { subscribe } from "../web/store.js";

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const problem = find(element, ".problem-line", HTMLElement);
  const line = find(element, ".progress-line", HTMLElement);
  const bar = find(element, "progress", HTMLProgressElement);
  const doing = find(element, ".progress-doing", HTMLElement);

  /** @param {import("../web/store.js").State} state */
  function show({ progress }) {
    const sentence = progress && "sentence" in progress ? progress.sentence : "";
    const running = progress && "doing" in progress ? progress : null;
    problem.textContent = sentence;
    problem.hidden = !sentence;
    line.hidden = !running;
    doing.textContent = running?.doing ?? "";
    if (!running || running.fraction >= 1) bar.removeAttribute("value");
    else bar.value = running.fraction;
  }

  find(element, "button", HTMLButtonElement).addEventListener("click", () => stop("main"));
  subscribe(document.body, show, ["progress"]);
}
