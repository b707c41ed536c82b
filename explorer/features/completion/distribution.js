// What may come next: probability before and after the rules side by side, removed tokens greyed with the rule.
import { closest, find, h, onResize, onTheme } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { RULES, samplingOf } from "../../web/sampling.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { fullBar, rowNode, scaleSentence } from "./distribution_rows.js";
import { entropySentence, massSentence, rulesSentence } from "./distribution_words.js";
import { drawMass } from "./mass_plot.js";
import { wordForm } from "./word_form.js";

/** @typedef {import("../../web/calls.d.ts").DistributionAnswer} DistributionAnswer */
/** @typedef {import("../../web/calls.d.ts").FoundAnswer} FoundAnswer */
/** @typedef {import("../../web/calls.d.ts").MaskAnswer} MaskAnswer */

const MAX_ROWS = 500;
const KEYS = ["main", "next_log", "next_order", "next_rows", "next_mask", ...RULES];

/**
 * @param {HTMLElement} element
 * @param {readonly MaskAnswer[]} masks
 */
function drawMasks(element, masks) {
  const group = find(element, ".odds-masks");
  group.hidden = masks.length < 2;
  group.replaceChildren(
    ...masks.map(({ before, after }, index) => {
      const name = _("mask {number}: {before} ▢ {after}", { number: String(index + 1), before, after });
      const pressed = { "aria-pressed": index === state.next_mask, onclick: () => set({ next_mask: index }) };
      return h("button", { class: "action", dir: "auto", ...pressed }, name);
    }),
  );
}

/**
 * @param {HTMLElement} element
 * @param {FoundAnswer} found
 */
function drawRows(element, { candidates }) {
  const scale = { log: state.next_log, full: fullBar(candidates) };
  find(element, ".odds-scale").textContent = scaleSentence(scale);
  find(element, ".odds tbody").replaceChildren(...candidates.map((one) => rowNode(one, scale)));
  find(element, "[data-tool=log]").setAttribute("aria-pressed", String(state.next_log));
  const isFinal = state.next_order === "final_probability";
  find(element, "[data-tool=order]").setAttribute("aria-pressed", String(isFinal));
}

/** What each tool does. @type {Record<string, () => void>} */
const TOOLS = {
  log: () => set({ next_log: !state.next_log }),
  order: () => set({ next_order: state.next_order === "probability" ? "final_probability" : "probability" }),
  more: () => set({ next_rows: Math.min(MAX_ROWS, state.next_rows * 2) }),
};

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const canvas = find(element, ".mass-plot", HTMLCanvasElement);
  const word = wordForm(element);
  const ask = latest(element);
  /** @type {DistributionAnswer | null} */
  let answer = null;
  let run = 0;

  async function refresh() {
    const wishes = { limit: state.next_rows, order: state.next_order, mask: state.next_mask };
    answer = await ask("distribution", { run: "main", ...samplingOf(state), ...wishes });
    draw(answer);
  }

  /** @param {DistributionAnswer} told */
  function draw({ found, masks, mask_token: mask }) {
    find(element, ".odds-body").hidden = !found;
    const empty = find(element, ".odds-empty");
    empty.hidden = Boolean(found);
    if (found) {
      drawMasks(element, masks);
      word.name(masks.length > 0);
      find(element, ".odds-line").textContent = entropySentence(found);
      find(element, ".odds-rules").textContent = rulesSentence(found);
      drawRows(element, found);
      drawCurve();
    } else empty.textContent = _("Put {mask} into the text where the model should predict a word, then run.", { mask });
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  function drawCurve() {
    if (!answer?.found) return;
    const caption = massSentence(answer.found.mass);
    find(element, ".mass-caption").textContent = caption;
    canvas.setAttribute("aria-label", caption);
    drawMass(canvas, answer.found.mass);
  }

  find(element, ".odds-tools").addEventListener("click", (event) => {
    TOOLS[closest(event, "button")?.dataset.tool ?? ""]?.();
  });
  onResize(canvas, drawCurve);
  onTheme(element, drawCurve);
  subscribe(
    element,
    async (_state, changed) => {
      const facts = runOf(props);
      if (!facts) return;
      if (run && facts.run !== run) set({ next_mask: 0 });
      run = facts.run;
      const isOnlyScale = answer && changed.every((key) => key === "next_log");
      if (isOnlyScale && answer) draw(answer);
      else await Promise.all([refresh(), word.refresh()]);
    },
    KEYS,
  );
}
