// The head a model opens on, unless a link names one: the head that copies, else the one that looks one back.
import { call } from "../web/server.js";
import { onChange, set, state } from "../web/store.js";

const TELLING = ["copies", "previous"];

/**
 * Chooses a head whenever another model comes; `named` says that the address chose one for the first.
 * @param {boolean} named
 */
export function chooseFirstHead(named) {
  let model = "";
  let isChosen = named;
  onChange((changed) => {
    if (!changed.includes("main") || !state.main || state.main.model === model) return;
    model = state.main.model;
    if (!isChosen) choose(state.main);
    isChosen = false;
  });
}

/** @param {import("../web/store.js").RunFacts} run */
async function choose(run) {
  const { layer, head, kind } = state;
  const answer = await call("interesting_heads", { run: "main", kind: "" }).catch(() => null);
  const cards = answer?.cards ?? [];
  const telling = TELLING.flatMap((key) => cards.find((card) => card.key === key) ?? []);
  const best = telling[0] ?? cards[0];
  // Whoever has chosen a head meanwhile keeps it.
  const untouched = state.main === run && state.layer === layer && state.head === head && state.kind === kind;
  if (best && untouched) set({ layer: best.layer, head: best.head, kind: best.kind });
}
