// Three answers side by side: behind no example, the first, and all of them, each with what else was likely.
import { h } from "../../web/dom.js";
import { cut, percent } from "../../web/format.js";
import { guessList } from "../../web/guesses.js";
import { headline, said } from "../../web/headline.js";
import { _, _n } from "../../web/language.js";

/** @typedef {import("../../web/calls.d.ts").ColumnMessage} ColumnMessage */
/** @typedef {import("../../web/calls.d.ts").ColumnHead} ColumnHead */
/** @typedef {import("../../web/calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {import("./saved.js").Answered & { answer: HTMLElement, guesses: HTMLElement, share: HTMLElement }} Shot */

const GUESSES = 6;
const QUOTED = 32; // characters of the other answer in the headline
const TALL = "(min-height: 800px)"; // a window with room for the prompts below the answers

/**
 * What was answered: the text before a line break or the end.
 * @param {readonly StepAnswer[]} steps
 */
export function answerOf(steps) {
  const spoken = steps.filter((step) => !step.special);
  return spoken
    .map((step) => step.text)
    .join("")
    .trim();
}

/**
 * The probability of the whole answer: of its tokens, multiplied; the break or the end behind it does not count.
 * @param {readonly StepAnswer[]} steps
 */
export function shareOf(steps) {
  const spoken = steps.filter((step) => !step.special && step.text.trim() !== "");
  return spoken.reduce((share, step) => share * step.probability, 1);
}

/**
 * @param {HTMLElement} grid
 */
export function createShots(grid) {
  /** @type {Shot[]} */
  let shots = [];

  /** @param {ColumnHead} head */
  function addShot({ title, shown }) {
    const answer = h("p", { class: "shot-answer", dir: "auto" });
    const share = h("p", { class: "shot-share" });
    const guesses = h("div", { class: "shot-guesses" });
    const prompt = h(
      "details",
      { class: "shot-prompt", open: matchMedia(TALL).matches },
      h("summary", null, _("The exact prompt")),
      h("pre", { class: "column-prompt", dir: "auto", tabindex: 0 }, shown),
    );
    grid.append(
      h("section", { class: "shot" }, h("h3", { class: "shot-title" }, title), answer, share, guesses, prompt),
    );
    return { title, shown, steps: [], answer, guesses, share };
  }

  /** @param {Shot} shot */
  function draw({ steps, answer, guesses, share }) {
    const text = answerOf(steps);
    answer.replaceChildren(text === "" ? _("nothing") : said(text));
    share.textContent = text === "" ? "" : percent(shareOf(steps));
    const first = steps.find((step) => !step.special); // an encoder-decoder may begin with the name of its gap
    if (guesses.childElementCount || !first) return;
    const likely = [...first.alternatives].sort((one, other) => one.rank - other.rank).slice(0, GUESSES);
    guesses.replaceChildren(h("p", { class: "note" }, _("Its first token:")), guessList(likely));
  }

  return {
    /** What was answered so far; to read, not to change. */
    get shots() {
      return shots;
    },
    clear() {
      grid.replaceChildren();
      shots = [];
    },
    /** @param {ColumnMessage} message */
    receive({ columns, column, steps = [] }) {
      if (columns) shots = columns.map(addShot);
      if (column === undefined) return;
      shots[column].steps.push(...steps);
      draw(shots[column]);
    },
    /**
     * @param {HTMLElement} element
     * @param {number} examples  how many there were
     */
    headline(element, examples) {
      const [none, , every] = shots.map(({ steps }) => answerOf(steps));
      if (!none && !every) return headline(element);
      const before = _n("With {count} example it answers ", "With {count} examples it answers ", examples);
      const share = percent(shareOf(shots[2].steps));
      const rest = _(" ({share}), without any “{other}”.", {
        share,
        other: cut(none.replace(/\p{P}+$/u, ""), QUOTED) || "…",
      });
      return headline(element, before, said(`“${every}”`), rest);
    },
  };
}
