// A completion as it is written: each token coloured by what it measures, its alternatives a click away.
import { setControls } from "../../web/controls.js";
import { closest, copy, find, h, listbox } from "../../web/dom.js";
import { cutStart } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { samplingOf } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import {
  alternatives,
  colour,
  legend,
  MEASURES,
  stepFacts,
  stepName,
  stepNode,
  stepSentence,
  stepText,
} from "../../web/steps.js";
import { runOf, same, set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { graft, grow, instead, linkedBranch, path, plant, textOf } from "./branches.js";
import { onDrawn } from "./drawn.js";
import { savedText } from "./saved.js";
import { askWhy } from "./why.js";
import { forget, onWritten, replant, show, shownIds, written } from "./written.js";

/** @typedef {import("../../web/calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {import("../../web/calls.d.ts").StepsMessage} StepsMessage */
/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {import("./branches.js").Root} Root */

const PROMPT_CHARACTERS = 121;

/**
 * @param {string} reason
 * @param {number} count  of tokens written
 */
function reasonOf(reason, count) {
  /** @type {Record<string, string>} */
  const reasons = {
    end: _n("The model ended the text after {count} token.", "The model ended the text after {count} tokens.", count),
    "stop text": _("The stop text appeared."),
    length: _n("Stopped at {count} token.", "Stopped at {count} tokens.", count),
    context: _("The model's context is full."),
  };
  return reasons[reason] ?? "";
}

/** @param {StepsMessage} message */
function progressOf({ state: doing, before }) {
  if (doing !== "waiting") return _("Writing…");
  if (!before) return _("Next in the queue.");
  return _n("In the queue: {count} request ahead of yours.", "In the queue: {count} requests ahead of yours.", before);
}

/**
 * The text as a list of tokens of which one is chosen; it is drawn anew only where it differs from before.
 * @param {HTMLElement} element
 * @param {(step: Branch, other: import("../../web/calls.d.ts").CandidateAnswer) => void} branch
 * @param {(step: Branch) => void} why
 */
function createText(element, branch, why) {
  const strip = find(element, ".stream-tokens");
  const detail = find(element, ".stream-detail");
  /** @type {HTMLElement[]} */
  const nodes = [];
  /** @type {Branch[]} */
  let shown = [];
  const list = listbox(strip, {
    items: () => nodes,
    selected: () => state.written_token,
    onSelect: (index, event) => {
      const again = index === state.written_token && event instanceof MouseEvent && event.detail > 0;
      set({ written_token: again ? -1 : index });
    },
  });

  /** @param {Branch} step */
  function nodeOf({ token }) {
    const label = _("{token}, {facts}", { token: stepName(token), facts: stepFacts(token) });
    const node = stepNode(token, { dir: "auto", "aria-label": label });
    colour(node, token, state.colour_by);
    return node;
  }

  /** @param {number} from  the first token that is not what it was */
  function redraw(from) {
    for (const node of nodes.splice(from)) node.remove();
    const added = shown.slice(from).map(nodeOf);
    for (const [offset, node] of added.entries()) node.dataset.index = String(from + offset);
    nodes.push(...added);
    strip.append(...added);
    list.update();
    element.dataset.tokens = String(nodes.length);
  }

  /** @param {number} index */
  function tell(index) {
    const step = shown[index];
    detail.hidden = !step;
    if (!step) return;
    const line = find(detail, ".detail-line");
    line.textContent = _("{facts} Continue with another:", { facts: stepSentence(step.token) });
    const choose = (/** @type {import("../../web/calls.d.ts").CandidateAnswer} */ other) => {
      if (other.id !== step.token.id) return branch(step, other);
      line.textContent = _("“{token}” is the one that was written; choose another to go on differently.", {
        token: stepName(step.token),
      });
    };
    const asking = h("button", { class: "chip why-chip", onclick: () => why(step) }, _("Why this token?"));
    find(detail, ".detail-list").replaceChildren(...alternatives(step.token, choose), h("li", null, asking));
  }

  strip.addEventListener("pointerover", (event) => {
    const node = closest(event, ".step");
    if (node && state.written_token < 0) tell(nodes.indexOf(node));
  });

  return {
    /** The steps on the screen. */
    steps: () => shown,
    /** Draws what is new of the text. */
    draw() {
      const before = shown;
      shown = path(written.tip);
      const same = shown.findIndex((step, index) => step.token !== before[index]?.token || step !== before[index]);
      redraw(same < 0 ? shown.length : same);
      legend(element, shown.length ? MEASURES[state.colour_by] : null);
    },
    /** Colours every token by the measure that is chosen now. */
    recolour() {
      for (const [index, node] of nodes.entries()) colour(node, shown[index].token, state.colour_by);
      legend(element, shown.length ? MEASURES[state.colour_by] : null);
    },
    /** Marks the chosen token and tells of it. */
    mark() {
      list.update();
      tell(state.written_token);
      if (state.written_token >= 0) detail.scrollIntoView({ block: "nearest" });
    },
  };
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const copyButton = find(element, "[data-do=copy]", HTMLButtonElement);
  const ask = latest(element);
  const text = createText(
    element,
    (step, other) => write(grow(step.parent, instead(step.token, other))),
    (step) => {
      const facts = runOf(props);
      if (facts) askWhy(facts, step);
    },
  );
  const tools = streamTools(element, "write", {
    onMessage: receive,
    onEnd: () => reasonOf(reason, path(growing).length),
    onIdle: rest,
  });
  /** @type {Branch | Root} */
  let growing = written.root;
  let reason = "";
  let frame = 0;
  let run = 0;
  let turn = 0; // of what is restored: what is written meanwhile takes its place

  /** @param {Branch | Root} branch */
  function write(branch) {
    if (!runOf(props)) return;
    turn += 1;
    growing = branch;
    written.tip = branch;
    set({ written_token: -1 });
    const prefix = path(branch).map(({ token }) => token.id);
    const wishes = { max_new_tokens: state.length, stop: state.stop, prefix_ids: prefix };
    tools.start({ run: "main", ...samplingOf(state), ...wishes });
    draw();
  }

  /** @param {StepsMessage} message */
  function receive(message) {
    for (const token of message.steps) growing = grow(growing, token);
    reason = message.finish_reason;
    written.tip = growing;
    tools.say(progressOf(message));
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    cancelAnimationFrame(frame);
    frame = 0;
    text.draw();
    const isEmpty = text.steps().length === 0;
    copyButton.disabled = isEmpty;
    for (const name of [".stream-next", ".stream-hint"]) find(element, name).hidden = !isEmpty || tools.running;
    find(element, ".stream-hint").textContent = _n(
      "Continue writes {count} token, each drawn from bars like those beside.",
      "Continue writes {count} tokens, each drawn from bars like those beside.",
      state.length,
    );
  }

  function rest() {
    draw();
    show(written.tip);
  }

  /**
   * What the model gave each of these tokens.
   * @param {readonly number[]} ids
   */
  const replayed = (ids) =>
    ids.length ? ask("replay", { run: "main", ...samplingOf(state), token_ids: [...ids] }) : Promise.resolve([]);

  /** The text and the branches that a link or a file holds. */
  async function restore() {
    const [ids, branches] = [state.written_ids, state.written_branches];
    const mine = ++turn;
    const shown = await replayed(ids);
    if (mine !== turn) return;
    const root = plant();
    const ways = [graft(root, [], { depth: 0, place: 0 }, shown)];
    for (const value of branches) {
      const [way, depth, place, ...rest] = linkedBranch(value, ways.length) ?? [-1, 0, 0];
      if (way < 0) break; // those after it would be counted wrongly
      const before = ways[way].slice(0, depth).map(({ token }) => token.id);
      const steps = await replayed([...before, ...rest]);
      if (mine !== turn) return;
      ways.push(graft(root, ways[way], { depth, place }, steps.slice(before.length)));
    }
    growing = ways[0].at(-1) ?? root;
    replant(root, growing);
    text.mark();
  }

  /** @param {import("../../web/store.js").RunFacts} facts */
  function begin(facts) {
    run = facts.run;
    const before = facts.kind === "encoder-decoder" ? facts.target : facts.text;
    find(element, ".stream-prompt").textContent = cutStart(before, PROMPT_CHARACTERS);
    if (state.written_ids.length) return restore(); // they are of this run: another one forgets them
    turn += 1;
    growing = written.root;
    tools.stop("");
    forget();
    set({ written_token: -1 });
  }

  find(element, "[data-do=write]").addEventListener("click", () => write(written.root));
  find(element, "[data-do=seed]").addEventListener("click", () => {
    setControls({ seed: (state.seed ?? 0) + 1 });
    write(written.root);
  });
  onDrawn((drawn) => {
    find(element, ".stream-next").textContent = drawn ? stepText(drawn) : "";
  });
  copyButton.addEventListener("click", async () => {
    const done = await copy(textOf(text.steps()));
    status(element, done ? _("Copied.") : _("The browser did not allow copying."), "note");
  });
  savable(element, () => {
    const steps = text.steps().map(({ token }) => token);
    const parts = [".stream-text", ".stream-legend"].map((name) => find(element, name));
    return steps.length ? savedText(steps, parts) : null;
  });
  onWritten(() => {
    if (tools.running && written.tip !== growing) tools.stop();
    draw();
  });
  subscribe(
    element,
    (_state, changed) => {
      const facts = runOf(props);
      if (!facts) return;
      if (facts.run !== run) return begin(facts);
      if (changed.includes("colour_by")) text.recolour();
      if (changed.includes("length")) draw();
      const isAnother = changed.includes("written_ids") && !same(state.written_ids, shownIds());
      if (isAnother && !tools.running) return restore();
      text.mark();
    },
    ["main", "colour_by", "length", "written_token", "written_ids"],
  );
}
