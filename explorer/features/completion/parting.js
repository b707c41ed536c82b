// Where two texts part: both candidates, and what each side gave them there.
import { h } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { stepNameParts } from "../../web/steps.js";
import { state } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").PartingAnswer} PartingAnswer */
/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */

/**
 * The shares of both sides for one candidate, after their rules.
 * @param {PartingAnswer} answer
 * @param {number} which
 */
const shares = ({ sides }, which) => sides.map((side) => percent(side[which].final_probability));

/**
 * The headline.
 * @param {PartingAnswer} answer
 * @param {number} place  counted from 0
 */
export function partingSentence(answer, place) {
  const [one, other] = answer.sides[0];
  return _("They part at token {place}: A writes “{one}” {share}, B “{other}” {beside}.", {
    place: place + 1,
    ...{ one: wordName(one), share: shares(answer, 0)[0], other: wordName(other), beside: shares(answer, 1)[1] },
  });
}

/**
 * @param {PartingAnswer} answer
 * @param {number} place
 */
export function partingTable(answer, place) {
  const heads = [_("at token {place}", { place: place + 1 }), _("written by"), _("A gave it"), _("B gave it")];
  const rows = answer.sides[0].map((one, which) =>
    h(
      "tr",
      null,
      h("th", { scope: "row", class: "token", dir: "auto" }, stepNameParts(one)),
      h("td", null, sideLetter(which ? "B" : "A")),
      shares(answer, which).map((share) => h("td", { class: "number" }, share)),
    ),
  );
  return h(
    "table",
    { class: "parting" },
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        heads.map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    h("tbody", null, rows),
  );
}

/** How many tokens a side's next one follows; random numbers belong to a place among them. */
const read = (/** @type {import("../../web/store.js").RunFacts} */ run) =>
  run.target_tokens.length || run.tokens.length;

/**
 * Whether both draw with the same random numbers, in a sentence.
 * @param {import("../../web/sides.js").Sides} sides
 */
export function noiseSentence({ main, other, pair }) {
  const isGreedy = (/** @type {boolean} */ greedy, /** @type {number} */ temperature) => greedy || temperature === 0;
  const greedy = [isGreedy(state.greedy, state.temperature), isGreedy(false, state.second_temperature)];
  if (greedy.every(Boolean)) return _("Both are greedy: no random numbers are drawn.");
  if (!pair.same_vocabulary)
    return chance(_("Two vocabularies: random numbers belong to tokens, and cannot be shared."));
  if (greedy.some(Boolean)) return _("One side is greedy and draws no random numbers.");
  if (state.seed !== state.second_seed) return chance(_("Two seeds: give both one seed to share the random numbers."));
  if (read(main) !== read(other))
    return chance(_("Prompts of different length: random numbers belong to places of a text, and are not shared."));
  return _("Both draw with the same random numbers: they part only where their probabilities differ.");
}

/** @param {string} reason */
const chance = (reason) => _("{reason} Part of the difference is chance.", { reason });
