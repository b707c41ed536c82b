// The Overview: the whole model and one text in one picture, drawn anew whenever either changes.
import { changesHere } from "../../web/change_here.js";
import { find, onResize } from "../../web/dom.js";
import { headline, said } from "../../web/headline.js";
import { interestingHeads } from "../../web/interesting_heads.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest, shown } from "../../web/server.js";
import { createShelf } from "../../web/shelf.js";
import { set, state, subscribe } from "../../web/store.js";
import { goTo } from "../../web/tabs.js";
import { createControls } from "./controls.js";
import { countsHeadline, whyNot } from "./counts.js";
import { legendLines } from "./counts_drawing.js";
import { draw, pictureName } from "./drawing.js";
import { groupsOf, hitOf, layHits } from "./hits.js";
import { layout, rowsThatFit } from "./layout.js";
import { light, showStep } from "./lights.js";
import { saved } from "./saved.js";
import { guessName, headlineOf, winnerOf } from "./sentences.js";
import { stepsOf } from "./steps.js";
import { createTip } from "./tip.js";

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("../../web/calls.d.ts").CountsAnswer} CountsAnswer */
/** @typedef {import("../../web/calls.d.ts").ShelfCard} ShelfCard */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/store.js").Selected} Selected */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./hits.js").Group} Group */
/**
 * What is on the screen now.
 * @typedef {object} Scene
 * @property {RunFacts} facts
 * @property {FlowAnswer} answer
 * @property {ShelfCard[]} cards
 * @property {CountsAnswer | null} counts  what counts, where it is drawn
 * @property {Layout} place
 * @property {Group[]} groups
 */

const CHEAP = 2e9; // weights times tokens, up to which every card's absence is measured at once

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const stage = find(element, ".ov-stage");
  const picture = find(element, ".ov-picture", SVGSVGElement);
  const hits = find(element, ".ov-hits");
  const tip = createTip(find(element, ".ov-tip"));
  const toCounts = find(element, ".ov-counts-on", HTMLButtonElement);
  const [askFlow, askCounts] = [latest(element), latest(element)];
  /** @type {Scene | null} */
  let scene = null;
  let rows = 0;
  let size = { width: 0, height: 0 };

  const shelf = createShelf(find(element, ".ov-shelf"), {
    onChoose: (card) => openHead(card),
    onPoint: (card) => light(element, card, scene?.place.columns),
  });
  const player = createControls(element, {
    steps: () => (scene ? stepsOf(scene.place.columns, shownOf(scene), scene.cards) : []),
    show: tellStep,
    scene: () => scene,
  });

  /** @param {import("../../web/without_head.js").Head} head */
  function openHead({ kind, layer, head }) {
    set({ kind, layer, head });
    goTo("attention");
  }

  /**
   * Shows all that is said at a depth, here and at every other token.
   * @param {Scene} shown
   * @param {number} depth
   */
  function openDepth({ facts, answer }, depth) {
    const stack = facts.target_tokens.length ? "target" : "source";
    const place = depth ? { layer: depth - 1, lens_depth: -1 } : { lens_depth: 0 };
    set({ token: { stack, position: answer.position }, lens: "logit", ...place });
    goTo("layers");
  }

  const acts = {
    /**
     * While what counts is drawn, a head leads to what it brings and from where; else to where it looks.
     * @param {import("../../web/without_head.js").Head} head
     */
    head: (head) => {
      if (!scene?.counts || scene.counts.refusal || head.kind === "encoder") return openHead(head);
      const part = head.kind === "cross" ? "cross" : "self";
      set({ why_opened: `${part}:${head.layer}:${head.head}`, why_view: "contributions" });
      goTo("why");
    },
    bar: () => goTo("completion"),
    /** @param {number} layer */
    forward: (layer) => {
      set({ why_opened: `feed_forward:${layer}`, why_view: "contributions" });
      goTo("why");
    },
    winner: () => {
      set({ why_token: "", why_against: "", why_opened: "", why_view: "contributions" });
      goTo("why");
    },
    /** @param {number} depth */
    depth: (depth) => {
      set({ overview_depth: depth });
      if (depth >= 0 && scene && !scene.answer.unread) openDepth(scene, depth);
    },
    /** @param {Layout["tiles"][number]} tile */
    tile: ({ stack, first, last, followed }) => {
      if (last > first) set({ overview_begin: first });
      else set({ token: followed && state.token ? null : { stack, position: first }, overview_depth: -1 });
    },
  };

  /** How large the stage is, or was before somebody went to another tab while an answer was under way. */
  function sized() {
    if (stage.clientWidth) size = { width: stage.clientWidth, height: stage.clientHeight };
    return size;
  }

  const room = () => ({
    ...sized(),
    text: Number.parseFloat(getComputedStyle(element).getPropertyValue("--picture-text")) || 15,
    counted: scene?.counts ? legendLines(scene.counts) : null,
  });

  /** @param {Pick<Scene, "facts" | "answer" | "cards" | "counts">} known */
  function paint({ facts, answer, cards, counts }) {
    const place = layout(facts, answer, { ...room(), counted: counts && legendLines(counts) });
    scene = { facts, answer, cards, counts, place, groups: [] };
    const shown = shownOf(scene);
    draw(picture, place, shown);
    picture.setAttribute("aria-label", pictureName(shown));
    stage.style.setProperty("--bars", `${place.bars.left}px`);
    stage.style.setProperty("--drawn", `${place.guesses.bottom - 1.4 * place.small}px`);
    stage.style.setProperty("--counts", `${place.bars.bottom}px`);
    stage.classList.toggle("is-phone", place.phone);
    showToggle(scene);
    for (const { layer, head, kind } of cards) {
      picture.querySelector(`.digit[data-lane="${kind}:${layer}:${head}"]`)?.classList.add("on-shelf");
    }
    scene.groups = groupsOf(place, shown, acts);
    layHits(hits, scene.groups);
    player.update();
    element.dataset.run = String(facts.run);
  }

  /** @param {Scene} known */
  function showToggle({ facts, answer, counts }) {
    const asked = state.why_token && !state.why_token.startsWith("#") ? state.why_token : null;
    const winner = state.why_token ? asked : winnerOf({ facts, answer, counts, depth: -1 }).text;
    const word = counts ? guessName(counts.token) : winner;
    toCounts.textContent = word ? _("Show what counts for “{word}”", { word }) : _("Show what counts");
    toCounts.setAttribute("aria-pressed", String(state.overview_counts));
    find(element, ".ov-counts-note").textContent = counts ? whyNot(counts) : "";
  }

  /** @param {import("./steps.js").Step | null} step */
  function tellStep(step) {
    if (!scene) return;
    showStep(picture, step, scene.place.columns, scene.answer.depths.length);
    if (step) headline(element, step.sentence);
    else headline(element, ...sentenceOf(scene));
  }

  /** @param {CountsAnswer | null} [counts]  where it is known already */
  async function load(counts = null) {
    const facts = state.main;
    if (!facts || !stage.clientWidth) return;
    rows = rowsThatFit(room(), facts);
    const flow = askFlow("flow", { run: "main", ...followed(facts), rows, begin: beginOf(facts) });
    const before = scene?.facts.run === facts.run ? scene.cards : null;
    const answer = await flow;
    paint({ facts, answer, cards: before ?? [], counts });
    if (before) shelfFollows(facts, before);
    await Promise.all([before ? null : loadShelf(facts), counts ? null : count()]);
  }

  /**
   * What counts for the token that Why asks about.
   * @param {RunFacts} facts
   */
  async function loadCounts(facts) {
    const { position } = followed(facts);
    const asked = { token: state.why_token, against: state.why_against, position };
    return askCounts("counts", { run: "main", ...asked });
  }

  async function count() {
    const facts = state.main;
    if (!scene || !facts || scene.facts !== facts) return;
    if (!state.overview_counts && !scene.counts) return;
    const counts = state.overview_counts ? await loadCounts(facts) : null;
    if (!scene || scene.facts !== facts) return;
    scene.counts = counts;
    if (rowsThatFit(room(), facts) !== rows) await load(counts);
    else paint(scene);
  }

  /** @param {RunFacts} facts */
  async function loadShelf(facts) {
    const { cards } = await interestingHeads().catch((error) => Promise.reject(shown(element, error)));
    if (!scene || scene.facts !== facts) return;
    paint({ ...scene, cards });
    shelfFollows(facts, cards);
    element.dataset.shelf = String(facts.run);
  }

  /**
   * @param {RunFacts} facts
   * @param {ShelfCard[]} cards
   */
  function shelfFollows(facts, cards) {
    const all = facts.parameters * (facts.tokens.length + facts.target_tokens.length) < CHEAP;
    shelf.show(cards, { at: scene?.answer.position ?? null, all });
  }

  /** @param {Event} event */
  function point(event) {
    const hit = scene && hitOf(scene.groups, event);
    tip.show(hit, scene?.answer.position ?? null);
    light(element, hit?.head ?? null, scene?.place.columns);
  }

  const leave = () => {
    tip.show(null, null);
    light(element, null);
  };
  hits.addEventListener("pointerover", point);
  hits.addEventListener("focusin", point);
  hits.addEventListener("pointerleave", leave);
  hits.addEventListener("focusout", leave);
  changesHere(hits, (event) => (scene && hitOf(scene.groups, event)?.offer) ?? null);

  toCounts.addEventListener("click", () => set({ overview_counts: !state.overview_counts }));
  savable(element, () => scene && saved(scene, [picture]));
  onResize(stage, () => {
    if (!scene || !state.main) return;
    if (rowsThatFit(room(), state.main) !== rows) load();
    else if (scene.facts === state.main) paint(scene);
  });
  subscribe(
    element,
    (_state, changed) => {
      if (changed.includes("main")) player.end();
      if (scene && scene.facts.model !== state.main?.model) set({ why_token: "", why_against: "" }); // another's tokens
      if (!scene || ["main", "token", "overview_begin"].some((key) => changed.includes(key))) return load();
      if (["overview_counts", "why_token", "why_against"].some((key) => changed.includes(key))) return count();
      if (changed.includes("theme")) shelf.repaint();
      paint(scene);
      shelfFollows(scene.facts, scene.cards);
      return undefined;
    },
    ["main", "token", "overview_begin", "overview_depth", "overview_counts", "why_token", "why_against"],
  );
}

/** @param {Scene} scene */
const shownOf = ({ facts, answer, counts }) => ({ facts, answer, counts, depth: state.overview_depth });

/**
 * The headline: what is expected, or what counts for it where that is drawn.
 * @param {Scene} scene
 */
function sentenceOf(scene) {
  const counted = scene.counts ? countsHeadline(scene.counts, said) : [];
  return counted.length > 1 ? counted : headlineOf(shownOf(scene), said);
}

/**
 * Which token is followed: the chosen one, in the stack it stands in.
 * @param {RunFacts} facts
 */
function followed({ kind }) {
  const token = state.token;
  if (!token) return {};
  if (kind !== "encoder-decoder") return token.stack === "source" ? { position: token.position } : {};
  return token.stack === "target" ? { position: token.position } : { source: token.position };
}

/**
 * Where the text unfolds, if it has such a place.
 * @param {RunFacts} facts
 */
const beginOf = ({ tokens }) =>
  state.overview_begin >= 0 && state.overview_begin < tokens.length ? state.overview_begin : null;
