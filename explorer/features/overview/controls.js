// The controls of the picture: Play and its steps, the next word and its taking back; buttons and keys.
import { closest, find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { wordName } from "../../web/tokens.js";
import { fly } from "./flight.js";
import { canUndo, draw, drawnSentence, run, undo } from "./next_word.js";
import { createPlayer } from "./play.js";
import { winnerOf } from "./sentences.js";

/** @typedef {import("./steps.js").Step} Step */
/** @typedef {import("./overview.js").Scene} Scene */
/**
 * @typedef {object} Options
 * @property {() => Step[]} steps
 * @property {(step: Step | null) => void} show
 * @property {() => Scene | null} scene
 */

/**
 * @param {HTMLElement} element
 * @param {Options} options
 */
export function createControls(element, { steps, show, scene }) {
  const parts = {
    play: find(element, ".ov-play"),
    dots: find(element, ".ov-dots"),
    undo: find(element, ".ov-undo"),
    next: find(element, ".ov-next", HTMLButtonElement),
    nextName: find(element, ".ov-next-name"),
    drawn: find(element, ".ov-drawn"),
    stage: find(element, ".ov-stage"),
  };
  const ask = latest(element);
  const player = createPlayer(steps, (step, index) => {
    show(step);
    parts.play.textContent = player.playing ? _("Pause") : _("Play");
    parts.play.classList.toggle("is-playing", player.playing);
    const dots = steps().map((_step, at) => h("i", { class: at <= index ? "passed" : null }));
    parts.dots.replaceChildren(...dots);
  });

  async function next() {
    if (parts.next.getAttribute("aria-busy") === "true") return;
    parts.next.setAttribute("aria-busy", "true");
    player.end();
    try {
      const found = await draw(ask);
      if (!found) return;
      parts.drawn.textContent = drawnSentence(found.answer);
      const flight = flightOf(scene(), found.answer.token);
      if (flight && !found.answer.ended) await fly(parts.stage, flight.word, flight.from, flight.to);
      run(found);
    } finally {
      parts.next.setAttribute("aria-busy", "false");
    }
  }

  function back() {
    parts.drawn.textContent = "";
    undo();
  }

  /** @type {Record<string, () => void>} */
  const actions = {
    back: () => player.step(-1),
    forward: () => player.step(1),
    play: () => player.toggle(),
    undo: back,
    next,
  };
  element.addEventListener("click", (event) => {
    const action = closest(event, "[data-do]")?.dataset.do;
    if (action) actions[action]();
  });
  const keyed = (/** @type {KeyboardEvent} */ event) => {
    const action = isFree(event, element) ? actionOf(event, player.open) : undefined;
    if (!action) return;
    event.preventDefault();
    if (action === "end") player.end();
    else actions[action]();
  };
  document.addEventListener("keydown", keyed);
  // Presenting, arrows step through heads; this picture shows all of them at once, and they step through Play here.
  const presented = (/** @type {KeyboardEvent} */ event) => {
    if (event.target === document.body && document.body.classList.contains("present")) keyed(event);
  };
  document.addEventListener("keydown", presented, { capture: true });

  return {
    /** Fits the buttons to the scene, and shows the step that is played in the new picture. */
    update() {
      const now = scene();
      parts.undo.hidden = !canUndo();
      const masked = now?.facts.kind === "encoder";
      parts.nextName.textContent = masked ? _("Fill the gap") : _("Next word");
      parts.next.disabled = Boolean(masked && !now?.answer.masks.length);
      player.tell();
    },
    end: () => player.end(),
  };
}

/**
 * What a key does in the picture; Enter and space on a button are the button's own.
 * @param {KeyboardEvent} event
 * @param {boolean} playing
 */
function actionOf({ key, target }, playing) {
  const onButton = target instanceof Element && target.closest("button, summary, a") !== null;
  if (key === "ArrowRight") return "forward";
  if (key === "ArrowLeft") return "back";
  if (key === "Escape" && playing) return "end";
  if (key === "Enter" && !onButton) return "play";
  return key === " " && !onButton ? "next" : undefined;
}

/**
 * Whether a key is for the picture: it is on the screen, and nobody is at work elsewhere.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} element
 */
function isFree(event, element) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const { target } = event;
  const inside = target instanceof Node && element.contains(target);
  const idle = target === document.body || (target instanceof Element && target.id === "run");
  return (inside || idle) && element.getClientRects().length > 0;
}

/**
 * From the bar of the word that was drawn to the end of the text, or into the gap.
 * @param {Scene | null} scene
 * @param {string} token
 */
function flightOf(scene, token) {
  if (!scene || scene.place.phone) return null;
  const { place, answer, facts } = scene;
  const rank = answer.candidates.findIndex((one) => one.text === token);
  const { left, rows } = place.bars;
  const last = place.tiles.findLast(({ stack }) => stack === (answer.target_rows.length ? "target" : "source"));
  const gap = place.tiles.find(({ followed }) => followed);
  const to = facts.kind === "encoder" ? gap : last;
  if (!to) return null;
  const word = rank === 0 ? winnerOf({ facts, answer, depth: -1, counts: null }).text : wordName({ text: token });
  const from = { x: left, y: rows[rank < 0 ? rows.length - 1 : rank].y };
  return { word, from, to: { x: 12, y: to.y + (facts.kind === "encoder" ? 0 : to.height) } };
}
