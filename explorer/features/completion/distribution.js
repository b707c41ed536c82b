// What may come next: probability before and after the rules in one row, removed tokens struck through with the rule.
// The bars follow what is typed, as soon as typing pauses.
import { find, h } from "../../web/dom.js";
import { headline, said } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { RULES } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { CallError, call, latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { wordName } from "../../web/tokens.js";
import { before, subject, typing, wishes } from "./asked.js";
import { dieOf, oddsTable } from "./distribution_rows.js";
import { headlineSentence, lastWord, unsureSentence } from "./distribution_words.js";
import { tellDrawn } from "./drawn.js";
import { afterPause } from "./pause.js";
import { savedNext } from "./saved.js";
import { wordForm } from "./word_form.js";

/** @typedef {import("../../web/calls.d.ts").DistributionAnswer} DistributionAnswer */
/** @typedef {import("../../web/calls.d.ts").FoundAnswer} FoundAnswer */
/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */

const MAX_ROWS = 500;
const SLOT = "\u0000"; // stands in a sentence where an element goes
const SHOWN = ["next_log", "next_filled", "completion_part"]; // draw anew, nothing is asked
const KEYS = ["main", "typed", "next_order", "next_rows", "next_mask", "seed", ...SHOWN, ...RULES];

/**
 * A sentence with an element in its slot.
 * @param {string} sentence
 * @param {Node} node
 */
function around(sentence, node) {
  const [start, end = ""] = sentence.split(SLOT);
  return [start, node, end];
}

/**
 * @param {HTMLElement} element
 * @param {FoundAnswer} found
 */
function sayDraw(element, { drawn }) {
  const line = find(element, ".odds-draw");
  if (!drawn) return line.replaceChildren();
  const sentence = _("Seed {seed} draws {word}", { seed: String(state.seed ?? 0), word: SLOT });
  line.replaceChildren(...around(sentence, h("strong", { dir: "auto" }, `“${wordName(drawn)}”`)));
  const mark = dieOf(state.seed ?? 0);
  mark.setAttribute("aria-hidden", "true");
  line.prepend(mark);
}

/**
 * @param {HTMLElement} element
 * @param {DistributionAnswer & { found: FoundAnswer }} told
 */
function sayHeadline(element, { found, masks }) {
  if (state.completion_part !== "next" && state.main?.kind !== "encoder") return;
  const [first] = [...found.candidates].sort((one, other) => one.rank - other.rank);
  const gap = typing() ? 0 : state.next_mask;
  const place = { before: lastWord(before()), temperature: state.temperature, gap, gaps: masks.length };
  headline(element, ...around(headlineSentence(found, place, SLOT), said(`“${wordName(first)}”`)));
}

/**
 * Puts a token into the gap that is looked at.
 * @param {CandidateAnswer} one
 */
function fill(one) {
  const chosen = [...state.next_filled];
  for (let gap = 0; gap <= state.next_mask; gap += 1) chosen[gap] ??= -1;
  chosen[state.next_mask] = one.id;
  set({ next_filled: chosen });
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const table = oddsTable(find(element, ".odds", HTMLTableElement));
  const word = wordForm(element);
  const ask = latest(element);
  const pause = afterPause(follow);
  /** @type {DistributionAnswer | null} */
  let answer = null;
  let run = 0;
  let turn = 0;

  async function refresh() {
    turn += 1;
    draw(await ask("distribution", { run: "main", ...wishes() }));
  }

  /** The bars of what is typed; a text that is refused leaves those there are. */
  async function follow() {
    const mine = ++turn;
    try {
      const told = await call("distribution", { ...subject(), ...wishes() });
      if (mine !== turn) return;
      status(element, null);
      if (told.found) draw(told);
      else status(element, emptySentence(told), "note");
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (mine === turn) status(element, error.message, "note");
    }
  }

  /** @param {DistributionAnswer} told */
  function draw(told) {
    const { found, masks } = told;
    answer = told;
    find(element, ".odds-body").hidden = !found;
    find(element, ".odds-empty").hidden = Boolean(found);
    find(element, ".odds-typing").hidden = !typing();
    if (found) {
      const isGap = masks.length > 0;
      const chosen = isGap ? (state.next_filled[state.next_mask] ?? -1) : -1;
      const take = isGap && !typing() ? fill : null;
      table.draw(found, { log: state.next_log, seed: state.seed ?? 0, take, chosen });
      word.name(isGap);
      sayDraw(element, found);
      tellDrawn(typing() ? null : found.drawn);
      sayHeadline(element, { ...told, found });
      find(element, ".odds-line").textContent = unsureSentence(found);
    } else {
      find(element, ".odds-empty").textContent = emptySentence(told);
      headline(element);
    }
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  find(element, ".others-button").addEventListener("click", () => {
    set({ next_rows: Math.min(MAX_ROWS, state.next_rows * 2) });
  });
  savable(element, () => {
    const found = typing() ? null : answer?.found;
    return found ? savedNext(found, [find(element, ".odds-draw"), find(element, ".odds")]) : null;
  });
  subscribe(
    element,
    async (_state, changed) => {
      const facts = runOf(props);
      if (!facts) return;
      const isNew = facts.run !== run;
      run = facts.run;
      pause.forget();
      if (answer && !isNew && changed.every((key) => SHOWN.includes(key))) draw(answer);
      else if (typing()) pause.ask();
      else await Promise.all([refresh(), word.refresh()]);
    },
    KEYS,
  );
}

/** @param {DistributionAnswer} told */
const emptySentence = ({ mask_token: mask }) =>
  _("Put {mask} into the text where the model should predict a word, then run.", { mask });
