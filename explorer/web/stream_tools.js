// Work that a visitor starts and may stop: a line that says how far it is, and a button that ends it.
import { find } from "./dom.js";
import { _ } from "./language.js";
import { stream } from "./server.js";
import { status } from "./status.js";

/** @typedef {import("./calls.d.ts").Streams} Streams */

/**
 * The tools of a view that has `.stream-state` and `[data-do=stop]`; `element.dataset.state` is working or done.
 * @template {keyof Streams} N
 * @param {HTMLElement} element
 * @param {N} name
 * @param {{ onMessage: (message: Streams[N]["answer"]) => void, onEnd: () => string, onIdle?: () => void }} hooks
 *   onEnd gives what is said when the work came to its own end; onIdle is called after any end
 */
export function streamTools(element, name, { onMessage, onEnd, onIdle = () => {} }) {
  const work = stream(element, name);
  const line = find(element, ".stream-state");
  const stopButton = find(element, "[data-do=stop]", HTMLButtonElement);
  let farewell = "";

  /** @param {string} sentence */
  function say(sentence) {
    line.textContent = sentence;
  }

  /** @param {string} sentence */
  function end(sentence) {
    stopButton.disabled = true;
    element.dataset.state = "done";
    say(sentence);
    onIdle();
  }

  /** @param {Streams[N]["request"]} request */
  async function start(request) {
    stopButton.disabled = false;
    element.dataset.state = "working";
    status(element, null);
    say(_("Starting…"));
    farewell = "";
    let sentence = "";
    try {
      sentence = (await work.start(request, onMessage)) ? onEnd() : farewell;
    } finally {
      if (!work.running) end(sentence);
    }
  }

  /**
   * Ends the work, if there is any, and says this in the end.
   * @param {string} [sentence]
   */
  function stop(sentence = _("Stopped.")) {
    farewell = sentence;
    if (work.running) work.stop();
    end(sentence);
  }

  stopButton.addEventListener("click", () => stop());
  return {
    start,
    stop,
    say,
    /** Whether work is going on. */
    get running() {
      return work.running;
    },
  };
}
