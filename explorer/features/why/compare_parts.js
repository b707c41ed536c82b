// One word's logit on two sides: what each part adds in A over what its counterpart adds in B.
import { closest, find } from "../../web/dom.js";
import { headline, said } from "../../web/headline.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { set, state, subscribe } from "../../web/store.js";
import { followParts } from "../../web/subtabs.js";
import { saved } from "./compare_parts_saved.js";
import { headlineSentence, notes, partRows, sumRows } from "./compare_parts_words.js";
import { wordOf } from "./contributions_words.js";
import { createQuestion, positionOf } from "./question.js";

/** @typedef {import("../../web/calls.d.ts").BothContributionsAnswer} BothContributionsAnswer */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/** @typedef {{ sides: Sides, answer: BothContributionsAnswer }} Scene */

const SLOT = "\u0000"; // stands in the headline where the word goes, which is drawn in its colour

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const rows = find(element, ".both-parts-rows");
  const side = find(element, ".both-parts-side");
  const sums = find(side, "table");
  const question = createQuestion(find(element, ".both-parts-question"));
  const ask = latest(element);
  /** @type {Scene | null} */
  let scene = null;

  function draw() {
    if (!scene) return;
    const { answer, sides } = scene;
    question.show(answer, sides.main);
    rows.replaceChildren(...partRows(answer));
    sums.replaceChildren(...sumRows(answer));
    find(side, ".note").textContent = notes(answer).join(" ");
    side.hidden = false;
    showHeadline();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  function showHeadline() {
    if (!scene || !element.getClientRects().length) return;
    const [before, after] = headlineSentence(scene.answer, SLOT).split(SLOT);
    headline(element, ...(after === undefined ? [before] : [before, said(wordOf(scene.answer.token)), after]));
  }

  function wipe() {
    scene = null;
    rows.replaceChildren();
    side.hidden = true;
    headline(element);
  }

  async function read() {
    const sides = sidesOf();
    if (!sides) return;
    // An id means something else in another vocabulary; a word does not.
    if (scene && scene.sides.main.model !== sides.main.model && isId(state.why_token, state.why_against))
      set({ why_token: "", why_against: "" });
    const asked = { token: state.why_token, against: state.why_against, position: positionOf(sides.main) };
    const answer = await ask("contributions_of_both", { ...BOTH, ...asked }).catch((error) => {
      wipe();
      throw error;
    });
    scene = { sides, answer };
    draw();
  }

  rows.addEventListener("click", (event) => {
    const opens = closest(event, "[data-opens]")?.dataset.opens;
    if (opens) set({ compare_view: "one", why_opened: opens });
  });
  followParts("why-views-of-both", "why_view");
  subscribe(element, showHeadline, ["why_view", "tab"]);
  savable(element, () => scene && saved(scene.answer, [rows, sums]));
  subscribe(element, read, [PAIR, "token", "why_token", "why_against"]);
}

/** @param {string[]} typed */
const isId = (...typed) => typed.some((one) => one.startsWith("#"));
