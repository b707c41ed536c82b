// The card that tests what the pattern suggests: what becomes of the model's guess when the head is switched off.
import { find } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { active } from "../../web/runs.js";
import { fitted, set, state } from "../../web/store.js";
import { tokenLabel } from "../../web/tokens.js";
import { withoutHead } from "../../web/without_head.js";
import { positionNow, stacksNow } from "./asked.js";
import { isOneHead } from "./chosen_row.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").WithoutAnswer} WithoutAnswer */

const PATIENCE_MS = 150; // heads are walked through quickly, and each asks for a run of the model
const LITTLE = 0.06; // a loss of probability below which a head is not what decides

/**
 * Whose guess is asked about: the chosen token's where it writes what comes next, else the model's own place to guess.
 * @param {RunFacts} run
 */
function positionOf(run) {
  const { kind } = fitted(run, state);
  const isWriting = run.kind !== "encoder" && kind !== "encoder" && state.attention_direction === "from";
  const isOwn = run.kind !== "encoder-decoder" || stacksNow(run).chosen === "target";
  return isWriting && isOwn ? positionNow(run) : null;
}

/** @param {number} lost */
function verdict(lost) {
  if (lost < -LITTLE) return _("This head speaks against it.");
  return lost < LITTLE ? _("Looking is not yet deciding.") : _("This head matters here.");
}

/**
 * Whether the visitor's own changes have switched this head off already: then with and without it are one.
 * @param {RunFacts} run
 */
function isChangedOff(run) {
  const { kind, layer, head } = fitted(run, state);
  return active(state.changes).some(
    (one) =>
      one.kind === "head" &&
      one.by === "zero" &&
      one.layer === layer &&
      one.head === head &&
      (one.attention ?? "decoder") === (run.kind === "encoder-decoder" ? kind : "decoder"),
  );
}

/**
 * @param {HTMLElement} card
 * @param {WithoutAnswer & { before: number, after: number }} answer
 */
function show(card, { before, after, winner, new_winner: other, new_probability: most }) {
  const isOff = state.attention_head_off;
  const word = (/** @type {string} */ text) => tokenLabel(text.trim() || text);
  find(card, ".off-title").textContent = isOff ? _("Head off") : _("Head on");
  find(card, ".off-switch").setAttribute("aria-checked", String(!isOff));
  find(card, ".off-switch").hidden = false;
  find(card, ".off-word").textContent = word(winner);
  find(card, ".off-share").textContent = percent(isOff ? after : before);
  const with_ = _("With it: {share}.", { share: percent(before) });
  const without = _("Switched off: {share}.", { share: percent(after) });
  const leads = { word: word(other), share: percent(most ?? 0) };
  const instead = other === winner ? "" : _("Then “{word}” leads: {share}.", leads);
  find(card, ".off-text").textContent = [isOff ? with_ : without, instead, verdict(before - after)].join(" ");
}

/** @param {HTMLElement} card */
function showChanged(card) {
  find(card, ".off-title").textContent = _("Off by your change");
  find(card, ".off-switch").hidden = true;
  find(card, ".off-text").textContent = _("Pause the change above the tabs to see the guess with this head.");
}

/**
 * The card in this element; call `update` with the run whenever head, token or run change.
 * @param {HTMLElement} card
 */
export function createOffCard(card) {
  let timer = 0;
  let newest = 0;

  /** @param {RunFacts} run */
  async function ask(run) {
    const mine = ++newest;
    const { kind, layer, head } = fitted(run, state);
    const answer = isOneHead() ? await withoutHead({ kind, layer, head }, positionOf(run)) : null;
    if (mine !== newest) return;
    const { before = null, after = null } = answer ?? {};
    card.hidden = before === null || after === null;
    if (answer && before !== null && after !== null) show(card, { ...answer, before, after });
    if (isChangedOff(run)) showChanged(card);
    card.dataset.head = `${layer}·${head}`;
  }

  find(card, ".off-switch").addEventListener("click", () => {
    set({ attention_head_off: !state.attention_head_off });
  });

  return {
    /** @param {RunFacts} run */
    update(run) {
      clearTimeout(timer);
      timer = window.setTimeout(() => ask(run), PATIENCE_MS);
    },
  };
}
