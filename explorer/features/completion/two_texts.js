// Two sides written side by side, and where they part. Once written, they are written again for what is chosen next.
import { sideBySide } from "../../web/columns.js";
import { find, h } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { RULES, samplingOf } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { set, state, subscribe } from "../../web/store.js";
import { noiseSentence, partingSentence, partingTable } from "./parting.js";
import { afterPause } from "./pause.js";
import { savedTwo } from "./sides_saved.js";

const OWN = ["length", "seed", "stop", ...RULES];
const SECOND = ["second_seed", ...RULES.map((name) => `second_${name}`)];

/** Both runs and the settings of each. */
const settings = () => ({ ...BOTH, ...samplingOf(state), second: samplingOf(state, "second_") });

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const noise = h("p", { class: "note two-noise" });
  const place = h("div", { class: "two-parting" });
  const ask = latest(element);
  let parted = "";
  const columns = sideBySide(element, {
    sameVocabulary: () => sidesOf()?.pair.same_vocabulary ?? false,
    request: () => (canWrite() ? { ...settings(), max_new_tokens: state.length, stop: state.stop } : null),
    onVerdict: (sentence) => headline(element, ...(sentence ? [parted || sentence] : [])),
    onParting,
  });
  const pause = afterPause(() => columns.write());
  find(element, ".view").append(place, noise);

  const canWrite = () => state.main?.kind !== "encoder" && state.other?.kind !== "encoder" && sidesOf() !== null;

  /** @param {[number, number] | null} places */
  async function onParting(places) {
    parted = "";
    place.replaceChildren();
    if (!places || !sidesOf()?.pair.same_vocabulary) return;
    const [at] = places;
    const [one, other] = columns.texts.map(({ steps }) => steps);
    const written = one.slice(0, at).map(({ id }) => id);
    const asked = { ...settings(), written, token_ids: [one[at].id, other[at].id] };
    const answer = await ask("parting", asked);
    parted = partingSentence(answer, at);
    place.replaceChildren(partingTable(answer, at));
    columns.say();
  }

  function say() {
    const sides = sidesOf();
    const masked = state.other?.kind === "encoder" ? state.other.model : "";
    noise.textContent = masked
      ? _("{model} guesses masked words and writes no text: choose another model for side B.", { model: masked })
      : sides
        ? noiseSentence(sides)
        : "";
    find(element, "[data-do=write]", HTMLButtonElement).disabled = !canWrite();
    columns.say();
  }

  find(element, "[data-do=write]").addEventListener("click", () => set({ two_drawn: true }));
  find(element, "[data-do=stop]").addEventListener("click", () => set({ two_drawn: false }));
  savable(element, () => {
    const parts = [...element.querySelectorAll(".side-column > *, .parting, .two-noise")];
    return columns.texts.length ? savedTwo(columns.texts, parts) : null;
  });
  subscribe(
    element,
    (_state, changed) => {
      say();
      const isOther = !columns.drawn || changed.some((key) => key !== "completion_part");
      if (state.two_drawn && canWrite() && isOther) pause.ask();
    },
    ["main", "other", PAIR, "completion_part", ...OWN, ...SECOND],
  );
}
