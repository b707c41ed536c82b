// A masked text as it reads with its gaps filled: a tile for each, pressed to look at it; the rows below fill it.
import { find, h } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { start } from "../../web/runs.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";
import { savedGaps } from "./saved.js";

/** @typedef {import("../../web/calls.d.ts").FilledAnswer} FilledAnswer */
/** @typedef {import("../../web/calls.d.ts").GapAnswer} GapAnswer */

/**
 * @param {GapAnswer} gap
 * @param {number} index
 */
function tile({ filled }, index) {
  const share = percent(filled.probability);
  const label = _("gap {number}: {word}, {share}", { number: index + 1, word: wordName(filled), share });
  const props = { class: "gap-tile", "aria-pressed": index === state.next_mask, "aria-label": label };
  return h("button", { ...props, onclick: () => set({ next_mask: index }) }, wordName(filled), h("small", null, share));
}

/**
 * The text with the word of one gap in its place, the other masks as they are.
 * @param {Pick<FilledAnswer, "after"> & { gaps: readonly Pick<GapAnswer, "before" | "mask" | "filled">[] }} answer
 * @param {number} chosen
 */
export const withWord = ({ gaps, after }, chosen) =>
  gaps.map(({ before, mask, filled }, gap) => before + (gap === chosen ? filled.text.trim() : mask)).join("") + after;

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const ask = latest(element);
  const best = find(element, "[data-do=best]", HTMLButtonElement);
  const keep = find(element, "[data-do=keep]", HTMLButtonElement);
  /** @type {FilledAnswer | null} */
  let answer = null;

  function draw() {
    if (!answer) return;
    const { gaps, after } = answer;
    const parts = gaps.flatMap((gap, index) => [gap.before, tile(gap, index)]);
    find(element, ".gap-sentence").replaceChildren(...parts, after);
    best.hidden = gaps.every(({ best: first, filled }) => first.id === filled.id);
    keep.hidden = gaps.length < 2;
    find(element, ".gap-note").textContent = gaps.length ? _("Press a row below to put its word into the gap.") : "";
  }

  savable(element, () => (answer?.gaps.length ? savedGaps(answer, [find(element, ".gap-sentence")]) : null));
  best.addEventListener("click", () => set({ next_filled: [] }));
  keep.addEventListener("click", () => {
    const run = runOf(props);
    if (run && answer) start("main", { model: run.model, text: withWord(answer, state.next_mask) });
  });
  subscribe(
    element,
    async (_state, changed) => {
      if (runOf(props)?.kind !== "encoder") return;
      const isOnlyMask = answer && changed.every((key) => key === "next_mask");
      if (!isOnlyMask) answer = await ask("filled", { run: "main", token_ids: state.next_filled });
      draw();
    },
    ["main", "next_mask", "next_filled"],
  );
}
