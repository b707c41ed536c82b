// Sentences compared: one vector for each, and a matrix of how alike any two are.
import { diverging, shade } from "../../web/colour.js";
import { find, h } from "../../web/dom.js";
import { decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { active } from "../../web/runs.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { runOf, state, subscribe } from "../../web/store.js";
import { list, typed } from "./choices.js";
import { savedSentences } from "./saved.js";
import { createTold } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").SentencesAnswer} Sentences */

/**
 * The two different sentences that are most alike, earlier one first; null with fewer than two.
 * @param {Sentences["cosines"]} cosines
 * @returns {[number, number] | null}
 */
export function mostAlike(cosines) {
  const pairs = cosines.flatMap((_row, one) => cosines.slice(0, one).map((_other, other) => [other, one]));
  const [best] = pairs.sort(([a, b], [c, d]) => cosines[c][d] - cosines[a][b]);
  return best ? [best[0], best[1]] : null;
}

/** @param {Sentences} answer */
function sentenceOf({ cosines }) {
  const best = mostAlike(cosines);
  if (!best) return _("Type a second sentence to compare it with the first.");
  const [one, other] = best;
  const values = { one: String(one + 1), other: String(other + 1), cosine: decimals(cosines[one][other], 2) };
  return _("Sentences {one} and {other} are most alike: cosine {cosine}.", values);
}

/**
 * @param {Sentences} answer
 * @returns {Node[]}
 */
function tableOf({ sentences, cosines }) {
  const best = mostAlike(cosines);
  const numbers = sentences.map((sentence, place) => h("th", { scope: "col", title: sentence }, String(place + 1)));
  const head = h("thead", null, h("tr", null, h("td", null), ...numbers));
  const lines = sentences.map((sentence, row) => {
    const name = h("th", { scope: "row", dir: "auto", title: sentence }, h("span", null, `${row + 1}  ${sentence}`));
    const cells = cosines[row].map((cosine, column) => {
      const isBest = best?.includes(row) && best.includes(column) && row !== column;
      const kind = row === column ? "is-itself" : isBest ? "is-best" : "";
      const cell = h("td", { class: kind }, decimals(cosine, 2));
      shade(cell, row === column ? null : (cosine + 1) / 2, diverging);
      return cell;
    });
    return h("tr", null, name, ...cells);
  });
  return [head, h("tbody", null, lines)];
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const ask = latest(element);
  const tell = createTold(element);
  const table = find(element, ".pair-table");
  const caption = find(element, "caption");
  /** @type {Sentences | null} */
  let shown = null;

  typed(find(element, ".pair-text", HTMLTextAreaElement), "pairs_sentences");
  list(find(element, ".pair-how", HTMLSelectElement), "pairs_pooling", [
    ["mean", _("mean of all tokens")],
    ["first", _("first token")],
    ["last", _("last token")],
  ]);
  savable(element, () => shown && savedSentences(shown, [table]));
  subscribe(element, async () => {
    const run = runOf(props);
    if (!run) return;
    const about = { sentences: state.pairs_sentences, pooling: state.pairs_pooling };
    shown = await ask("sentence_similarity", { model: run.model, changes: active(state.changes), ...about });
    table.style.setProperty("--pairs", String(shown.sentences.length));
    table.replaceChildren(caption, ...tableOf(shown));
    element.dataset.sentences = String(shown.sentences.length);
    tell(sentenceOf(shown));
  }, ["main", "pairs_sentences", "pairs_pooling", "theme"]);
}
