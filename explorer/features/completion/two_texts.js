// The same text continued twice, side by side. Once written, it is written again for what is chosen next.
import { sideBySide } from "../../web/columns.js";
import { find } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { RULES, samplingOf } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { afterPause } from "./pause.js";
import { savedTwo } from "./saved.js";

const OWN = ["length", "seed", "stop", ...RULES];
const SECOND = ["second_model", "second_seed", ...RULES.map((name) => `second_${name}`)];

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const columns = sideBySide(element, "write_two", {
    marked: true,
    request: () =>
      runOf(props) && {
        run: "main",
        ...samplingOf(state),
        max_new_tokens: state.length,
        stop: state.stop,
        second: samplingOf(state, "second_"),
        second_model: state.second_model,
      },
    onVerdict: (sentence) => {
      if (state.completion_part === "two") headline(element, ...(sentence ? [sentence] : []));
    },
  });
  const pause = afterPause(() => columns.write());

  find(element, "[data-do=write]").addEventListener("click", () => set({ two_drawn: true }));
  find(element, "[data-do=stop]").addEventListener("click", () => set({ two_drawn: false }));
  savable(element, () =>
    columns.texts.length ? savedTwo(columns.texts, [...element.querySelectorAll(".side-column > *")]) : null,
  );
  subscribe(
    element,
    (_state, changed) => {
      columns.say();
      const isOther = !columns.drawn || changed.some((key) => key !== "completion_part");
      if (state.two_drawn && runOf(props) && isOther) pause.ask();
    },
    ["main", "completion_part", ...OWN, ...SECOND],
  );
}
