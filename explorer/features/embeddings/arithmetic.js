// a − b + c: the plane it happens on, the nearest tokens, and how often such sums are right in this model.
import { cssVariable } from "../../web/colour.js";
import { closest, find, h, onResize } from "../../web/dom.js";
import { count, decimals } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { list, typed } from "./choices.js";
import { tableChoices } from "./map_tools.js";
import { savedSum } from "./saved.js";
import { sumPicture } from "./sum_picture.js";
import { reliability, share, sumSentence } from "./sum_words.js";
import { createTold, wordOf } from "./told.js";

/** @typedef {import("../../web/calls.d.ts").ArithmeticAnswer} Sum */
/** @typedef {import("../../web/calls.d.ts").AnalogiesAnswer} Scores */

/** @param {readonly (string | Node)[]} contents */
const line = (contents) =>
  h(
    "tr",
    null,
    contents.map((content) => h("td", null, content)),
  );

/** @param {number | null} cosine */
const bar = (cosine) => h("span", { class: "sum-bar", style: { width: `${100 * Math.max(cosine ?? 0, 0)}%` } });

/**
 * @param {HTMLElement} element
 * @param {Sum} sum
 */
function showResults(element, { inputs, results, inputs_allowed: allowed }) {
  const lines = results.map(({ text, cosine }) =>
    line([h("span", { dir: "auto" }, wordOf(text)), bar(cosine), cosine === null ? "" : decimals(cosine, 2)]),
  );
  find(element, ".sum-results tbody").replaceChildren(...lines);
  const own = allowed !== null && inputs.some((input) => input.row === allowed.row);
  find(element, ".sum-own").textContent = own
    ? _("If the three words may be answers too, the nearest is “{word}” itself.", { word: wordOf(allowed.text) })
    : "";
  element.dataset.answer = results[0]?.text ?? "";
}

/**
 * @param {HTMLElement} element
 * @param {Scores} scores
 */
function showScores(element, { relations }) {
  find(element, ".sum-note").textContent = reliability(relations);
  const lines = relations.map(({ relation, tried, right, inputs_allowed: allowed, baseline }) =>
    line([relation, count(tried), ...[right, allowed, baseline].map((one) => share(one, tried))]),
  );
  find(element, ".sum-honest tbody").replaceChildren(...lines);
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const askSum = latest(element);
  const askScores = latest(element);
  const tell = createTold(element);
  const place = find(element, ".sum-picture");
  let measured = "";
  /** @type {Sum | null} */
  let shown = null;

  /** @param {{ model: string, space: "input" | "output" }} table */
  async function measureOnce(table) {
    const about = JSON.stringify(table);
    if (about === measured) return;
    const scores = await askScores("analogy_scores", table);
    measured = about;
    showScores(element, scores);
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = place;
    if (!shown || !width) return;
    const type = Number.parseFloat(cssVariable("--picture-text"));
    place.replaceChildren(sumPicture(shown, { width, height, type }));
  }

  typed(find(element, ".sum-a", HTMLInputElement), "sum_a");
  typed(find(element, ".sum-b", HTMLInputElement), "sum_b");
  typed(find(element, ".sum-c", HTMLInputElement), "sum_c");
  list(find(element, ".sum-space", HTMLSelectElement), "sum_space", tableChoices());
  element.addEventListener("click", (event) => {
    if (closest(event, "[data-do=map]")) set({ map_space: state.sum_space, map_sum: true, embeddings_view: "map" });
  });
  onResize(place, draw);
  savable(element, () => shown && savedSum(shown, [place, find(element, ".sum-results")]));
  subscribe(element, async () => {
    const run = runOf(props);
    if (!run) return;
    const table = { model: run.model, space: state.sum_space };
    const words = { a: state.sum_a, b: state.sum_b, c: state.sum_c };
    const scores = measureOnce(table);
    shown = await askSum("word_arithmetic", { ...table, ...words });
    showResults(element, shown);
    draw();
    tell(sumSentence(shown));
    await scores;
  }, ["main", "sum_space", "sum_a", "sum_b", "sum_c"]);
}
