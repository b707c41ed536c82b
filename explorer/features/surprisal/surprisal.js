// How well the model expected the text: tokens coloured by surprisal, totals, the largest surprises.
import { shade } from "../../web/colour.js";
import { find, h, listbox } from "../../web/dom.js";
import { bits, smallPercent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { legend, stepName, stepNode } from "../../web/steps.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { tokenName } from "../../web/tokens.js";
import { facts, MEASURES, noteOn, totals } from "./reading.js";

/** @typedef {import("../../web/calls.d.ts").ReadingAnswer} ReadingAnswer */
/** @typedef {import("../../web/calls.d.ts").SurprisalMessage} SurprisalMessage */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/**
 * The tokens a model is asked about: what its decoder reads, where it has one.
 * @param {RunFacts} run
 */
const judged = (run) => (run.target_tokens.length ? run.target_tokens : run.tokens);

/**
 * @param {RunFacts} run
 * @returns {"source" | "target"}
 */
const stackOf = (run) => (run.target_tokens.length ? "target" : "source");

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const strip = find(element, ".surprisal-text");
  const detail = find(element, ".surprisal-detail");
  const [work, stop] = ["work", "stop"].map((name) => find(element, `[data-do=${name}]`, HTMLButtonElement));
  const ask = latest(element);
  const tools = streamTools(element, "surprisal", { onMessage: receive, onEnd: () => "", onIdle: rest });
  /** @type {ReadingAnswer | null} */
  let reading = null;
  /** @type {RunFacts | null} */
  let run = null;
  /** @type {HTMLElement[]} */
  let nodes = [];
  const list = listbox(strip, { items: () => nodes, selected: chosen, onSelect: choose });

  /** The position that is chosen on the page, if it is one of these tokens; −1 for none. */
  function chosen() {
    return run && state.token?.stack === stackOf(run) ? state.token.position : -1;
  }

  /** @param {number} position */
  function choose(position) {
    if (run) set({ token: { stack: stackOf(run), position } });
  }

  function start() {
    if (!run) return;
    work.hidden = true;
    stop.hidden = run.kind !== "encoder";
    tools.start({ run: "main" });
  }

  function rest() {
    stop.hidden = true;
    work.hidden = run?.kind !== "encoder" || reading !== null;
  }

  /** @param {SurprisalMessage} message */
  function receive({ done, of, reading: told }) {
    if (told) {
      reading = told;
      draw(told);
    } else tools.say(_("Hiding one token after another: {done} of {all} done…", { done, all: of }));
  }

  /** @param {ReadingAnswer} told */
  function draw(told) {
    const tokens = run ? judged(run) : [];
    nodes = tokens.map((token, position) =>
      stepNode(
        { ...token, text: token.special ? token.piece : token.text },
        {
          dir: "auto",
          "data-position": position,
          "aria-label": tokenName(token),
        },
      ),
    );
    strip.replaceChildren(...nodes);
    find(element, ".surprisal-line").textContent = totals(told);
    find(element, ".surprisal-note").textContent = noteOn(told, tokens);
    find(element, ".surprisal-top").hidden = false;
    find(element, ".top-list").replaceChildren(...told.top.map((place) => topNode(told, place)));
    colour(told);
    mark();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {ReadingAnswer} told */
  function colour(told) {
    const measure = MEASURES[state.surprisal_by];
    const places = new Map(told.positions.map((position, place) => [position, place]));
    nodes.forEach((node, position) => {
      const place = places.get(position);
      node.toggleAttribute("data-unjudged", place === undefined);
      shade(node, place === undefined ? null : measure.of(told, place));
    });
    legend(element, measure);
  }

  /**
   * @param {ReadingAnswer} told
   * @param {number} place
   */
  function topNode(told, place) {
    const position = told.positions[place];
    const name = run ? tokenName(judged(run)[position]) : "";
    const go = () => {
      choose(position);
      list.focus(position);
    };
    return h(
      "li",
      null,
      h("button", { class: "branch", dir: "auto", onclick: go }, `${name} ${bits(told.surprisal[place])}`),
    );
  }

  async function mark() {
    list.update();
    const position = chosen();
    detail.hidden = !reading || position < 0;
    if (!reading || !run || position < 0) return;
    const place = reading.positions.indexOf(position);
    const token = tokenName(judged(run)[position]);
    if (place < 0) {
      detail.textContent = _("{token} has no score.", { token });
      return;
    }
    const line = _("{token}: {facts}.", { token, facts: facts(reading, place) });
    detail.textContent = line;
    if (reading.pseudo) return;
    const { candidates } = await ask("expected_here", { run: "main", position });
    const expected = candidates.map((one) => `${stepName(one)} ${smallPercent(one.probability)}`).join(", ");
    detail.textContent = _("{line} Expected: {tokens}.", { line, tokens: expected });
  }

  /** @param {RunFacts} facts */
  function begin(facts) {
    run = facts;
    reading = null;
    nodes = [];
    strip.replaceChildren();
    detail.hidden = true;
    find(element, ".surprisal-top").hidden = true;
    legend(element, null);
    const isMasked = facts.kind === "encoder";
    find(element, ".surprisal-line").textContent = "";
    find(element, ".surprisal-note").textContent = isMasked
      ? _("A masked model has no next-token probability; hiding each token in turn runs the model once per token.")
      : "";
    tools.stop("");
    if (!isMasked) start();
  }

  work.addEventListener("click", start);
  subscribe(
    element,
    async (_state, changed) => {
      const facts = runOf(props);
      if (!facts) return;
      if (facts !== run) begin(facts);
      else if (reading && changed.includes("surprisal_by")) colour(reading);
      if (changed.includes("token")) await mark();
    },
    ["main", "surprisal_by", "token"],
  );
}
