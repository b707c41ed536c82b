// How well the model expected the text: the more surprising a token, the stronger its colour.
import { sequential, shade } from "../../web/colour.js";
import { find, h, listbox, onResize } from "../../web/dom.js";
import { bits } from "../../web/format.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { latest } from "../../web/server.js";
import { choiceName, nameChoices } from "../../web/setting_names.js";
import { legend } from "../../web/steps.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { fitTiles } from "../../web/tiles.js";
import { isBreak, wordName } from "../../web/tokens.js";
import { drawDetail } from "./detail.js";
import { headlineOf, MEASURES, pseudoNote, totals } from "./reading.js";
import { saved } from "./saved.js";
import { tokenTile } from "./token_tile.js";

/** @typedef {import("../../web/calls.d.ts").ReadingAnswer} ReadingAnswer */
/** @typedef {import("../../web/calls.d.ts").SurprisalMessage} SurprisalMessage */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

const SIZES = [104, 88, 72, 64, 56, 50, 44, 40, 36, 32, 28, 24, 22, 20];
const LISTED = 6;
const FEW = 24; // tokens of which a masked model is asked without being told to

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
  const measures = /** @type {const} */ ([
    ["surprisal", _("Surprisal")],
    ["probability", _("Probability")],
    ["rank", _("Rank")],
  ]);
  nameChoices("surprisal_by", measures);
  const by = segmented({
    label: _("Colour tokens by"),
    choices: measures,
    onSelect: (value) => set({ surprisal_by: value }),
  });
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

  const fit = () => fitTiles(strip, SIZES, nodes.length);

  /** @param {ReadingAnswer} told */
  function draw(told) {
    if (!run) return;
    const tokens = judged(run);
    nodes = tokens.map((_token, position) => tokenTile(tokens, position));
    const parts = nodes.map((node, at) => [node, isBreak(tokens[at].text) && h("span", { class: "tile-break" })]);
    strip.replaceChildren(...parts.flat().filter((part) => part instanceof Node));
    headline(element, headlineOf(told, tokens, stackOf(run) === "target"));
    find(element, ".surprisal-note").textContent = told.pseudo ? pseudoNote() : "";
    find(element, ".surprisal-totals").replaceChildren(
      ...totals(told).map(({ name, value, meaning }) =>
        h("div", { title: meaning }, h("dt", null, name), h("dd", null, value)),
      ),
    );
    find(element, ".surprisal-top").hidden = false;
    find(element, ".top-list").replaceChildren(...told.top.slice(0, LISTED).map((place) => topNode(told, place)));
    colour(told);
    fit();
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
      node.dataset.below = place === undefined ? "–" : measure.written(told, place);
      shade(node, place === undefined ? null : measure.of(told, place));
    });
    legend(element, measure, sequential);
  }

  /**
   * @param {ReadingAnswer} told
   * @param {number} place
   */
  function topNode(told, place) {
    const position = told.positions[place];
    const name = run ? wordName(judged(run)[position]) : "";
    const go = () => {
      choose(position);
      list.focus(position);
    };
    const much = h("span", { class: "branch-bits" }, bits(told.surprisal[place]));
    return h("li", null, h("button", { class: "branch", onclick: go }, h("span", { dir: "auto" }, name), " ", much));
  }

  /** What is said of the chosen token, or else of the most surprising one. */
  async function mark() {
    list.update();
    detail.hidden = !reading;
    if (!reading || !run) return;
    const position = chosen() < 0 ? reading.positions[reading.top[0]] : chosen();
    const tell = drawDetail(detail, reading, judged(run)[position], position);
    if (!tell) return;
    const { candidates } = await ask("expected_here", { run: "main", position });
    tell(candidates);
  }

  /** @param {RunFacts} facts */
  function begin(facts) {
    run = facts;
    reading = null;
    nodes = [];
    strip.replaceChildren();
    detail.hidden = true;
    find(element, ".surprisal-top").hidden = true;
    find(element, ".surprisal-totals").replaceChildren();
    legend(element, null);
    headline(element);
    const isMasked = facts.kind === "encoder";
    find(element, ".surprisal-note").textContent = isMasked
      ? _("A masked model has no next-token probability; hiding each token in turn runs the model once per token.")
      : "";
    tools.stop("");
    if (!isMasked || judged(facts).length <= FEW) start();
  }

  find(element, ".surprisal-by").append(by.element);
  savable(element, () => {
    if (!reading || !run) return null;
    const parts = [find(element, ".stream-legend"), strip];
    return saved(reading, judged(run), { text: run.text, parts, by: choiceName("surprisal_by", state.surprisal_by) });
  });
  work.addEventListener("click", start);
  onResize(element, fit);
  subscribe(
    element,
    async (_state, changed) => {
      by.update(state.surprisal_by);
      const facts = runOf(props);
      if (!facts) return;
      if (facts !== run) begin(facts);
      else if (reading) {
        colour(reading);
        fit();
      }
      if (changed.includes("token")) await mark();
    },
    ["main", "surprisal_by", "token"],
  );
}
