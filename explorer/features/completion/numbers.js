// What is rarely asked about the distribution: its scale and order, entropies, which rule removed how much, the mass.
import { closest, find, onResize } from "../../web/dom.js";
import { RULES } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { rules } from "./asked.js";
import { entropySentence, massSentence, rulesSentence } from "./distribution_words.js";
import { drawMass } from "./mass_plot.js";
import { savedMass } from "./saved.js";

/** @typedef {import("../../web/calls.d.ts").FoundAnswer} FoundAnswer */

const MAX_ROWS = 500;
const KEYS = ["main", "next_mask", "next_log", "next_order", ...RULES];

/** What each tool does. @type {Record<string, () => void>} */
const TOOLS = {
  log: () => set({ next_log: !state.next_log }),
  order: () => set({ next_order: state.next_order === "probability" ? "final_probability" : "probability" }),
  more: () => set({ next_rows: Math.min(MAX_ROWS, state.next_rows * 2) }),
};

/** @param {HTMLElement} element */
function pressTools(element) {
  find(element, "[data-tool=log]").setAttribute("aria-pressed", String(state.next_log));
  const isFinal = state.next_order === "final_probability";
  find(element, "[data-tool=order]").setAttribute("aria-pressed", String(isFinal));
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const canvas = find(element, ".mass-plot", HTMLCanvasElement);
  const ask = latest(element);
  /** @type {FoundAnswer | null} */
  let found = null;

  function drawCurve() {
    if (!found) return;
    const caption = massSentence(found.mass);
    find(element, ".mass-caption").textContent = caption;
    canvas.setAttribute("aria-label", caption);
    drawMass(canvas, found.mass);
  }

  find(element, ".numbers-tools").addEventListener("click", (event) => {
    TOOLS[closest(event, "button")?.dataset.tool ?? ""]?.();
  });
  savable(element, () => found && savedMass(found, [find(element, ".mass")]));
  onResize(canvas, drawCurve);
  subscribe(
    element,
    async () => {
      pressTools(element);
      if (!runOf(props)) return;
      found = (await ask("distribution", { run: "main", ...rules(), limit: 1, mask: state.next_mask })).found;
      if (!found) return;
      find(element, ".odds-rules").textContent = rulesSentence(found);
      find(element, ".odds-entropy").textContent = entropySentence(found);
      drawCurve();
    },
    KEYS,
  );
}
