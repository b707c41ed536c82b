// Contributions: a logit as a waterfall of what every part adds to it; a bar opens into what it is made of.
import { closest, find, h, onResize } from "../../web/dom.js";
import { headline, said } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { followParts } from "../../web/subtabs.js";
import { goTo, hasTab } from "../../web/tabs.js";
import { exactly, headlineSentence, hint, openedName, sourceSentence, wordOf } from "./contributions_words.js";
import { around, readOpened } from "./opened.js";
import { createQuestion, positionOf } from "./question.js";
import { saved } from "./saved.js";
import { drawSources } from "./sources.js";
import { createWaterfall } from "./waterfall.js";
import { largestRows, orderedRows } from "./waterfall_rows.js";

/** @typedef {import("../../web/calls.d.ts").WaterfallAnswer} WaterfallAnswer */
/** @typedef {import("../../web/calls.d.ts").SumAnswer} SumAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./opened.js").Opened} Opened */
/** @typedef {{ facts: RunFacts, answer: WaterfallAnswer, opened: Opened | null }} Scene */

const ROW = 1.5; // lines of type that a row needs at least
const PHONE = "(max-width: 760px)";
const SLOT = "\u0000"; // stands in a sentence where a word goes that is drawn in its colour

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const picture = find(element, ".why-picture");
  const crumbs = find(element, ".why-crumbs");
  const detail = find(element, ".why-detail");
  const refusal = find(element, ".why-refusal");
  const toHead = find(element, "[data-do=head]", HTMLButtonElement);
  const toOverview = find(element, "[data-do=overview]", HTMLButtonElement);
  const question = createQuestion(find(element, ".why-question"));
  const ask = latest(element);
  /** @type {Scene | null} */
  let scene = null;

  const waterfall = createWaterfall(picture, {
    onOpen: (opens) => set({ why_opened: opens }),
    onLeave: () => scene?.opened && set({ why_opened: around(scene.opened) }),
    onPoint: (sentence) => {
      detail.textContent = sentence;
    },
  });

  /** How many rows there is room for. */
  function most() {
    const text = Number.parseFloat(getComputedStyle(element).getPropertyValue("--picture-text")) || 15;
    return Math.max(8, Math.floor(picture.clientHeight / (ROW * text)));
  }

  function draw() {
    if (!scene) return;
    const { facts, answer, opened } = scene;
    element.toggleAttribute("data-refused", answer.refusal !== "");
    refusal.hidden = answer.refusal === "";
    find(refusal, ".why-reason").textContent = answer.refusal;
    find(refusal, "[data-do=layers]").hidden = !hasTab("layers");
    toOverview.hidden = answer.refusal !== "" || !hasTab("overview");
    question.show(answer, facts);
    if (answer.whole) drawSum(facts, answer, answer.whole, opened);
    else {
      picture.replaceChildren();
      crumbs.replaceChildren();
      headline(element);
    }
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /**
   * @param {RunFacts} facts
   * @param {WaterfallAnswer} answer
   * @param {SumAnswer} whole
   * @param {Opened | null} opened
   */
  function drawSum(facts, answer, whole, opened) {
    const sum = sumOf(whole, answer.inside, opened);
    drawCrumbs(opened);
    sums(find(element, ".why-sums"), sum, opened ? openedName(opened) : logitName(answer));
    find(element, ".why-note").textContent = notes(answer).join(" ");
    toHead.hidden = opened === null || opened.head === null;
    detail.textContent = opened && opened.head !== null ? "" : hint();
    if (opened && opened.head !== null) {
      const tokens = opened.part === "self" && facts.target_tokens.length ? facts.target_tokens : facts.tokens;
      drawSources(picture, sum.parts, tokens, opened.part === "self" ? answer.position : null);
      const best = [...sum.parts].sort((one, other) => other.value - one.value)[0];
      const source = wordOf({ ...tokens[best.position ?? 0], text: tokens[best.position ?? 0].text });
      tell(sourceSentence(source, best.value, openedName(opened), SLOT), answer);
      return;
    }
    const isOrdered = !opened || opened.blocks !== null;
    const rows = isOrdered ? orderedRows(sum.parts, sum.total, most()) : largestRows(sum, most());
    waterfall.show(rows, opened ? openedName(opened) : logitName(answer));
    const of = { total: sum.total, opened: opened ? openedName(opened) : "", against: answer.against !== null };
    tell(headlineSentence(rows, of, SLOT), answer);
  }

  /** @type {string[]} */
  let told = [];

  /**
   * The headline, with the word in the colour of what is said.
   * @param {string} sentence
   * @param {WaterfallAnswer} answer
   */
  function tell(sentence, { token }) {
    told = [...sentence.split(SLOT), wordOf(token)];
    showHeadline();
  }

  function showHeadline() {
    if (!told.length || !element.getClientRects().length) return;
    const [before, after, word] = told;
    headline(element, before, said(word), after);
  }

  /** @param {Opened | null} opened */
  function drawCrumbs(opened) {
    crumbs.hidden = !opened;
    if (!opened) return;
    const steps = [["", _("the whole logit")], ...(around(opened) ? [[around(opened), outerName(opened)]] : [])];
    const buttons = steps.flatMap(([opens, name]) => [
      h("button", { class: "crumb", "data-opens": opens }, name),
      h("span", { "aria-hidden": "true" }, "›"),
    ]);
    crumbs.replaceChildren(...buttons, h("b", { "aria-current": "true" }, openedName(opened)));
  }

  crumbs.addEventListener("click", (event) => {
    const opens = closest(event, ".crumb")?.dataset.opens;
    if (opens !== undefined) set({ why_opened: opens });
  });
  toOverview.addEventListener("click", () => {
    set({ overview_counts: true, overview_depth: -1 });
    goTo("overview");
  });
  toHead.addEventListener("click", () => {
    const { facts, opened } = scene ?? {};
    if (!facts || !opened || opened.head === null) return;
    const own = facts.attention_kinds.some(({ kind }) => kind === "decoder") ? "decoder" : "self";
    set({ kind: opened.part === "cross" ? "cross" : own, layer: opened.layer, head: opened.head });
    goTo("attention");
  });
  find(refusal, "[data-do=layers]").addEventListener("click", () => goTo("layers"));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !scene?.opened) return;
    event.preventDefault();
    set({ why_opened: around(scene.opened) });
  });
  onResize(picture, draw);
  matchMedia(PHONE).addEventListener("change", draw);
  savable(element, () => {
    if (!scene?.answer.whole) return null;
    return saved(scene.answer, sumOf(scene.answer.whole, scene.answer.inside, scene.opened), scene.opened, [picture]);
  });
  followParts("why-views", "why_view");
  subscribe(element, showHeadline, ["why_view", "tab"]);
  subscribe(
    element,
    async (_state, changed) => {
      const facts = runOf(props);
      if (!facts) return;
      if (changed.includes("main") && scene && scene.facts.model !== facts.model) {
        set({ why_token: "", why_against: "", why_opened: "" }); // another model's tokens and layers
      }
      const opened = readOpened(state.why_opened, facts.layers);
      const part = opened?.part ? { layer: opened.layer, part: opened.part, head: opened.head } : {};
      const asked = { token: state.why_token, against: state.why_against, position: positionOf(facts) };
      const answer = await ask("waterfall", { run: "main", ...asked, ...part });
      scene = { facts, answer, opened };
      draw();
    },
    ["main", "token", "why_token", "why_against", "why_opened"],
  );
}

/**
 * What is on the screen: the whole, some of its blocks, or what was opened.
 * @param {SumAnswer} whole
 * @param {SumAnswer | null} inside
 * @param {Opened | null} opened
 * @returns {SumAnswer}
 */
function sumOf(whole, inside, opened) {
  if (inside) return inside;
  if (!opened?.blocks) return whole;
  const [first, last] = opened.blocks;
  const parts = whole.parts.filter(({ layer }) => layer !== null && layer >= first && layer <= last);
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  return { total, parts, rest: 0, others: 0, sum: total, remainder: 0 };
}

/** @param {Opened} opened */
const outerName = (opened) => openedName({ ...opened, head: null });

/** @param {WaterfallAnswer} answer */
function logitName({ token, against }) {
  if (!against) return _("logit of “{word}”", { word: wordOf(token) });
  return _("“{word}” over “{other}”", { word: wordOf(token), other: wordOf(against) });
}

/**
 * Sum, total and remainder: they are printed whatever is shown.
 * @param {HTMLElement} place
 * @param {SumAnswer} sum
 * @param {string} total
 */
function sums(place, { sum, total: value, remainder }, total) {
  const rows = [
    [_("sum of the parts"), exactly(sum)],
    [total, exactly(value)],
    [_("remainder"), exactly(remainder)],
  ];
  place.replaceChildren(...rows.map(([name, number]) => h("div", null, h("dt", null, name), h("dd", null, number))));
}

/** @param {WaterfallAnswer} answer */
function notes({ frozen_norm: norm, soft_capped: capped }) {
  const found = [];
  if (norm !== null)
    found.push(_("The final norm divides by {scale} here, for every part alike.", { scale: exactly(norm) }));
  if (capped) found.push(_("This is the logit before the soft cap that follows in this model."));
  return found;
}
