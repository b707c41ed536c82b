// a − b + c: the nearest tokens, and how often such sums are right in this model.
import { find, h } from "../../web/dom.js";
import { count, decimals, percentWhole } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { runOf, state, subscribe } from "../../web/store.js";
import { entryName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").ArithmeticAnswer} Sum */
/** @typedef {import("../../web/calls.d.ts").AnalogiesAnswer} Scores */
/** @typedef {import("../../web/calls.d.ts").RelationScore} Relation */

/** @param {readonly string[]} contents */
const line = (contents) =>
  h(
    "tr",
    null,
    contents.map((content) => h("td", null, content)),
  );

/** @param {number | null} value */
const measure = (value) => (value === null ? "" : decimals(value, 3));

/** @param {string} text */
const strong = (text) => h("b", { dir: "auto" }, entryName(text));

/**
 * @param {HTMLElement} element
 * @param {Sum} sum
 */
function showSum(element, { inputs, results, inputs_allowed: allowed }) {
  const [a, b, c] = inputs.map((input) => strong(input.text));
  const answer = results.length ? strong(results[0].text) : _("nothing");
  const own = allowed !== null && inputs.some((input) => input.row === allowed.row);
  const told = own
    ? _(" (with the three words allowed, the nearest is “{word}” itself)", { word: entryName(allowed.text) })
    : "";
  find(element, ".sum-line").replaceChildren(a, " − ", b, " + ", c, " → ", answer, told);
  const lines = results.map((one) => line([entryName(one.text), measure(one.cosine), measure(one.distance)]));
  find(element, ".sum-results tbody").replaceChildren(...lines);
  element.dataset.answer = results[0]?.text ?? "";
}

/**
 * @param {number} right
 * @param {number} tried
 */
const share = (right, tried) => (tried ? percentWhole(right / tried) : "");

/**
 * @param {readonly Relation[]} relations
 * @param {"tried" | "right" | "inputs_allowed"} name
 */
const total = (relations, name) => relations.reduce((sum, relation) => sum + relation[name], 0);

/** @param {readonly Relation[]} relations */
export function reliability(relations) {
  const tried = total(relations, "tried");
  if (!tried) return _("None of the words of our list is a single token of this model, so nothing could be measured.");
  return _(
    "Is this reliable? Of {tried} such questions whose words are single tokens here, {right} come out right, " +
      "and only because the three words themselves are left out: allowed in, it is {allowed}.",
    {
      tried,
      right: share(total(relations, "right"), tried),
      allowed: share(total(relations, "inputs_allowed"), tried),
    },
  );
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
  let measured = "";

  /** @param {{ model: string, space: "input" | "output" }} table */
  async function measureOnce(table) {
    const about = JSON.stringify(table);
    if (about === measured) return;
    const scores = await askScores("analogy_scores", table);
    measured = about;
    showScores(element, scores);
  }

  subscribe(element, async () => {
    const run = runOf(props);
    if (!run) return;
    const table = { model: run.model, space: state.sum_space };
    const words = { a: state.sum_a, b: state.sum_b, c: state.sum_c };
    const scores = measureOnce(table);
    showSum(element, await askSum("word_arithmetic", { ...table, ...words }));
    await scores;
  }, ["main", "sum_space", "sum_a", "sum_b", "sum_c"]);
}
