// The head a model opens on, unless the address names one: the head that copies, else the one that looks one back;
// in cross-attention, which does neither, the most focused one.
import { interestingHeads } from "../web/interesting_heads.js";
import { call } from "../web/server.js";
import { onChange, set, state } from "../web/store.js";

const TELLING = ["copies", "previous", "focused"];

/** Chooses a head whenever another model comes. */
export function chooseFirstHead() {
  let model = "";
  onChange((changed) => {
    if (!changed.includes("main") || !state.main || state.main.model === model) return;
    model = state.main.model;
    if (!state.main.attention_kinds.length) return;
    if (!isNamed(model)) choose(state.main);
  });
}

/**
 * Whether the address names a head of this model; it follows the page a moment later than the run.
 * @param {string} model
 */
function isNamed(model) {
  const query = new URLSearchParams(location.search);
  return (query.has("layer") || query.has("head")) && (query.get("model") ?? model) === model;
}

/**
 * The kind of attention that the address names, if it is about this model.
 * @param {string} model
 */
function namedKind(model) {
  const query = new URLSearchParams(location.search);
  return query.has("kind") && (query.get("model") ?? model) === model ? state.kind : "";
}

/** @param {import("../web/store.js").RunFacts} run */
async function choose(run) {
  const { layer, head, kind } = state;
  const named = namedKind(run.model);
  const asked = named ? call("interesting_heads", { run: "main", kind: named }) : interestingHeads();
  const answer = await asked.catch(() => null);
  const cards = answer?.cards ?? [];
  const [best] = [...TELLING.flatMap((key) => cards.find((card) => card.key === key) ?? []), ...cards];
  // Whoever has chosen a head meanwhile keeps it.
  const untouched = state.main === run && state.layer === layer && state.head === head && state.kind === kind;
  if (best && untouched) set({ layer: best.layer, head: best.head, kind: best.kind });
}
