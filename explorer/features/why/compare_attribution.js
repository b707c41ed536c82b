// Attribution of both sides: what each stretch of text counts for the same word in A and in B, and how far they agree.
import { closest, find } from "../../web/dom.js";
import { percentWhole } from "../../web/format.js";
import { headline } from "../../web/headline.js";
import { savable } from "../../web/saving/offer.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { attributionSettings } from "./attribution_settings.js";
import { methodNames } from "./attribution_words.js";
import { saved } from "./compare_attribution_saved.js";
import { headlineSentence, logitRows, methodRows, notes, stretchRows } from "./compare_attribution_words.js";
import { createQuestion, positionOf } from "./question.js";

/** @typedef {import("../../web/calls.d.ts").BothAttributionsMessage} BothAttributionsMessage */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/** @typedef {{ sides: Sides, asked: import("../../web/calls.d.ts").BothAskedAnswer,
 *   found: import("../../web/calls.d.ts").BothMethodAnswer[] }} Scene */

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const rows = find(element, ".both-parts-rows");
  const side = find(element, ".both-parts-side");
  const sums = find(side, "table");
  const methods = find(side, ".both-methods");
  const question = createQuestion(find(element, ".both-parts-question"));
  const settings = attributionSettings(find(side, ".attribution-baseline"));
  const tools = streamTools(element, "attributions_of_both", {
    onMessage: receive,
    onEnd: () => "",
    onIdle: () => (find(element, "[data-do=stop]").hidden = true),
  });
  /** @type {Scene | null} */
  let scene = null;

  const chosen = () => scene?.found.find(({ method }) => method === state.why_method);

  /** @param {BothAttributionsMessage} message */
  function receive({ asked, found, doing, fraction }) {
    const sides = sidesOf();
    if (asked && sides) scene = { sides, asked, found: [] };
    if (doing) tools.say(`${methodNames(doing)[0]}… ${percentWhole(fraction ?? 0)}`);
    if (found) scene?.found.push(found);
    if (!doing) draw();
  }

  function draw() {
    if (!scene) return;
    const { asked, sides } = scene;
    const { token, against, position } = asked.one;
    const one = chosen();
    question.show({ candidates: asked.candidates, token, against, position }, sides.main);
    rows.replaceChildren(...(one ? stretchRows(asked, one) : []));
    sums.replaceChildren(...logitRows(asked, one));
    const held = closestMethod(document.activeElement);
    methods.replaceChildren(...methodRows(scene.found, state.why_method));
    if (held) find(methods, `[data-method="${held}"]`).focus();
    find(side, ".both-parts-notes").textContent = one ? notes(asked, one, Number(state.why_steps)).join(" ") : "";
    side.hidden = false;
    showHeadline();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {Element | null} focused */
  const closestMethod = (focused) =>
    focused instanceof HTMLElement && methods.contains(focused) ? focused.dataset.method : undefined;

  function showHeadline() {
    const one = chosen();
    if (scene && one && element.getClientRects().length) headline(element, headlineSentence(scene.asked, one));
  }

  function wipe() {
    scene = null;
    rows.replaceChildren();
    side.hidden = true;
    headline(element);
  }

  /** @param {Sides} sides */
  async function start(sides) {
    if (scene?.sides.pair !== sides.pair) wipe();
    side.hidden = false; // the line that says how far it is stands there
    find(element, "[data-do=stop]").hidden = false;
    const asked = { token: state.why_token, against: state.why_against, position: positionOf(sides.main) };
    const how = { first: state.why_method, baseline: state.why_baseline, steps: Number(state.why_steps) };
    await tools.start({ ...BOTH, ...asked, ...how }).catch((error) => {
      wipe();
      throw error;
    });
  }

  methods.addEventListener("click", (event) => {
    const method = closest(event, "[data-method]")?.dataset.method;
    if (method) set({ why_method: /** @type {typeof state.why_method} */ (method) });
  });
  savable(element, () => {
    const one = chosen();
    if (!scene || !one) return null;
    const how = { baseline: state.why_baseline, steps: Number(state.why_steps) };
    return saved(scene.asked, one, { ...how, parts: [rows, sums], found: scene.found });
  });
  subscribe(element, showHeadline, ["why_view", "tab"]);
  subscribe(
    element,
    async (_state, changed) => {
      const sides = sidesOf();
      settings.update();
      if (!sides) return;
      const isOther = scene && scene.sides.main.model !== sides.main.model;
      if (isOther && [state.why_token, state.why_against].some((one) => one.startsWith("#")))
        set({ why_token: "", why_against: "" }); // an id means something else in another vocabulary
      const isThere = scene?.sides.pair === sides.pair && changed.length > 0;
      if (isThere && changed.every((key) => key === "why_method")) draw();
      else await start(sides);
    },
    [PAIR, "token", "why_token", "why_against", "why_baseline", "why_steps", "why_method"],
  );
}
