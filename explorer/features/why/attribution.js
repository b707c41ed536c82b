// Attribution: which tokens made the difference to a logit, by every method side by side, and how far to trust them.
import { find, h, listbox, onResize, onTheme } from "../../web/dom.js";
import { percentWhole } from "../../web/format.js";
import { headline, said } from "../../web/headline.js";
import { _, number } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { drawGrid, reveal } from "./attribution_grid.js";
import { saved } from "./attribution_saved.js";
import { attributionSettings } from "./attribution_settings.js";
import { cellSentence, headlineSentence, methodMeaning, methodNames, sums, warning } from "./attribution_words.js";
import { wordOf } from "./contributions_words.js";
import { deletionPlot, deletionSentence } from "./deletion_plot.js";
import { createQuestion, positionOf } from "./question.js";

/** @typedef {import("../../web/calls.d.ts").AttributionsMessage} AttributionsMessage */
/** @typedef {import("../../web/calls.d.ts").MethodAnswer} MethodAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {{ facts: RunFacts, asked: import("../../web/calls.d.ts").AskedAnswer, found: MethodAnswer[],
 *   agreement: import("../../web/calls.d.ts").AgreementAnswer[],
 *   deletion: import("../../web/calls.d.ts").DeletionAnswer | null }} Scene */

const SLOT = "\u0000"; // stands in a sentence where a word goes that is drawn in its colour

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const grid = find(element, ".attributed");
  const detail = find(element, ".why-detail");
  const question = createQuestion(find(element, ".why-question"));
  const tools = streamTools(element, "attributions", { onMessage: receive, onEnd: () => "", onIdle: rest });
  const settings = attributionSettings(find(element, ".attribution-baseline"));
  /** @type {Scene | null} */
  let scene = null;
  /** @type {HTMLElement[]} */
  let cells = [];
  /** @type {string[]} */
  let told = [];
  let isLed = true; // to the token asked about, until the reader goes elsewhere in the grid
  const list = listbox(grid, {
    items: () => cells,
    selected: () => -1,
    onSelect: (index) => choose(cells[index].dataset.method ?? ""),
    onFocus: point,
    orientation: "grid",
    follow: false,
  });

  /** @param {string} method */
  const choose = (method) => set({ why_method: /** @type {typeof state.why_method} */ (method) });

  /** @param {number} index */
  function point(index) {
    if (!scene) return;
    const { method, place } = cells[index].dataset;
    const found = scene.found.find((one) => one.method === method);
    if (found) detail.textContent = cellSentence(found, Number(place), read(scene));
  }

  /** @param {AttributionsMessage} message */
  function receive({ asked, found, agreement, deletion, doing, fraction }) {
    const facts = runOf(props);
    if (asked) isLed = true;
    if (asked && facts) scene = { facts, asked, found: [], agreement: [], deletion: null };
    if (!scene) return;
    if (doing) {
      const what = doing === "deletion" ? _("Taking tokens out…") : `${methodNames(doing)[0]}…`;
      tools.say(fraction ? `${what} ${percentWhole(fraction)}` : what);
    }
    if (found) scene.found.push(found);
    if (agreement) scene.agreement = agreement;
    if (deletion) scene.deletion = deletion;
    if (!doing) draw();
  }

  function rest() {
    find(element, "[data-do=stop]").hidden = true;
  }

  function draw() {
    if (!scene) return;
    const { facts, asked, found } = scene;
    question.show(asked, facts);
    const tokens = read(scene);
    const split = facts.target_tokens.length ? facts.tokens.length : 0;
    cells = drawGrid(grid, { found, tokens, chosen: state.why_method, here: split + asked.position, split }, choose);
    if (isLed) reveal(grid);
    list.update();
    drawSide(scene);
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {Scene} shown */
  function drawSide({ asked, found, agreement, deletion }) {
    const one = found.find(({ method }) => method === state.why_method);
    const rows = one && !one.refusal ? sums(one, asked) : [];
    const pairs = rows.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)));
    find(element, ".attribution-sums").replaceChildren(...pairs);
    find(element, ".attribution-checks").hidden = agreement.length === 0;
    const count = Number(state.why_steps);
    const note = one ? [methodMeaning(one.method, count), warning(one, asked, state.why_baseline, count)] : [];
    find(element, ".attribution-note").textContent = [...note, deletion && deletionSentence(deletion, state.why_method)]
      .filter(Boolean)
      .join(" ");
    find(element, ".attribution-deletion").replaceChildren(
      ...(deletion ? [deletionPlot(deletion, state.why_method)] : []),
    );
    const others = agreement.filter(({ one: first, other }) => [first, other].includes(state.why_method));
    find(element, ".attribution-agreement").replaceChildren(
      ...others.map(({ one: first, other, rho }) => {
        const [name] = methodNames(first === state.why_method ? other : first);
        return h("li", null, h("span", null, name), h("b", null, rho === null ? "–" : number(rho, 2)));
      }),
    );
    if (one && !one.refusal && scene) {
      told = [...headlineSentence(one, asked, read(scene), SLOT).split(SLOT), wordOf(asked.token)];
      showHeadline();
    }
  }

  function showHeadline() {
    if (!told.length || !element.getClientRects().length) return;
    const [before, after, word] = told;
    headline(element, before, said(word), after);
  }

  /** @param {RunFacts} facts */
  function start(facts) {
    tools.stop("");
    find(element, "[data-do=stop]").hidden = false;
    detail.textContent = "";
    const asked = { token: state.why_token, against: state.why_against, position: positionOf(facts) };
    tools.start({ run: "main", ...asked, baseline: state.why_baseline, steps: Number(state.why_steps) });
  }

  for (const hand of ["wheel", "pointerdown", "keydown"])
    grid.addEventListener(hand, () => (isLed = false), { passive: true });
  grid.addEventListener("pointerover", (event) => {
    const index = event.target instanceof HTMLElement ? cells.indexOf(event.target) : -1;
    if (index >= 0) point(index);
  });
  onResize(grid, draw);
  onTheme(element, draw);
  savable(element, () => {
    if (!scene?.found.length) return null;
    const { asked, found, agreement, deletion } = scene;
    const parts = [grid, ...element.querySelectorAll(".deletion-plot")];
    const more = { agreement, deletion };
    return saved(asked, found, read(scene), {
      ...{ method: state.why_method, baseline: state.why_baseline, steps: Number(state.why_steps) },
      ...{ parts, more },
    });
  });
  subscribe(element, showHeadline, ["why_view", "tab"]);
  subscribe(
    element,
    (_state, changed) => {
      const facts = runOf(props);
      settings.update();
      if (!facts) return;
      if (scene && scene.facts.model !== facts.model && changed.includes("main"))
        set({ why_token: "", why_against: "", why_opened: "" });
      if (scene?.facts === facts && changed.length && changed.every((key) => key === "why_method")) draw();
      else start(facts);
    },
    ["main", "token", "why_token", "why_against", "why_baseline", "why_steps", "why_method"],
  );
}

/**
 * The tokens that have been read where the question is asked: a decoder has not seen what follows.
 * @param {Scene} scene
 */
function read({ facts, asked }) {
  if (facts.kind === "encoder") return facts.tokens;
  const last = asked.position + 1;
  return facts.target_tokens.length
    ? [...facts.tokens, ...facts.target_tokens.slice(0, last)]
    : facts.tokens.slice(0, last);
}
