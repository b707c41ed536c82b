// bertviz's drawings in a sandboxed frame: the size is said first, and only what fits is drawn.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { status } from "../../web/status.js";
import { fitted, set, state, subscribe } from "../../web/store.js";
import { shownRun } from "./asked.js";

/** @typedef {import("../../web/calls.d.ts").Controls} Controls */
/** @typedef {import("../../web/calls.d.ts").BertvizAnswer} BertvizAnswer */

const LEAST_PIXELS = 80;
const MOST_PIXELS = 4000;
const ROOM_PIXELS = 20;

/** @param {HTMLElement} element */
const partsOf = (element) => ({
  drawing: find(element, ".bertviz-view", HTMLSelectElement),
  scope: find(element, ".bertviz-scope", HTMLSelectElement),
  button: find(element, ".bertviz-draw", HTMLButtonElement),
  size: find(element, ".bertviz-size"),
  hint: find(element, ".bertviz-hint"),
  host: find(element, ".bertviz-host"),
});

/** @param {string} drawing */
function titleOf(drawing) {
  if (drawing === "model") return _("bertviz model view");
  return drawing === "neuron" ? _("bertviz neuron view") : _("bertviz head view");
}

/**
 * Whether a new drawing is needed: layer and head only matter where they limit what is drawn.
 * @param {readonly string[]} changed
 * @param {string} scope
 */
const isOutdated = (changed, scope) =>
  changed.some((key) => key === "attention_drawing" || key === "attention_scope") || scope !== "all";

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const parts = partsOf(element);
  const ask = latest(element);
  const { name } = shownRun(props);
  /** @type {HTMLIFrameElement | null} */
  let frame = null;

  function forget() {
    frame = null;
    parts.hint.hidden = true;
    parts.host.replaceChildren();
  }

  /** @param {BertvizAnswer} answer */
  function show({ sentence, offered, fits, document: page }) {
    parts.size.textContent = sentence;
    parts.button.disabled = !offered;
    parts.button.textContent = offered && !fits ? _("Draw what fits") : _("Draw");
    element.dataset.sentence = sentence;
    if (!page) return;
    frame = h("iframe", { sandbox: "allow-scripts", title: titleOf(state.attention_drawing), srcdoc: page });
    Object.assign(element.dataset, { shapes: "", bytes: String(new TextEncoder().encode(page).length) });
    parts.hint.hidden = state.attention_drawing !== "head";
    parts.host.replaceChildren(frame);
  }

  /** @param {string[]} changed */
  async function update(changed) {
    const { run } = shownRun(props);
    if (!run) return;
    parts.drawing.value = state.attention_drawing;
    parts.scope.value = state.attention_scope;
    if (frame && (changed.includes(name) || changed.includes("kind"))) {
      forget();
      set({ attention_drawn: false });
    }
    const draw = state.attention_drawn && (!frame || isOutdated(changed, state.attention_scope));
    const { kind, layer, head } = fitted(run, state);
    const of = { view: state.attention_drawing, scope: state.attention_scope, draw };
    if (draw) status(element, _("Drawing…"));
    show(await ask("bertviz", { run: name, kind, layer, head, ...of }));
    if (draw) status(element, null);
  }

  /** @param {MessageEvent} event */
  function heard(event) {
    if (!element.isConnected) window.removeEventListener("message", heard);
    if (!frame || event.source !== frame.contentWindow || !Number.isFinite(event.data?.bertvizHeight)) return;
    const height = Math.min(MOST_PIXELS, Math.max(LEAST_PIXELS, event.data.bertvizHeight + ROOM_PIXELS));
    frame.style.height = `${height}px`;
    element.dataset.shapes = String(event.data.shapes);
  }

  savable(element, () => {
    const page = frame?.srcdoc;
    const why = _("bertviz draws in a frame of its own, closed to this page: save the page, or take a screenshot.");
    return page ? { name: titleOf(state.attention_drawing), parts: [], document: () => page, why } : null;
  });
  window.addEventListener("message", heard);
  parts.button.addEventListener("click", () => {
    forget();
    if (state.attention_drawn) update([]);
    else set({ attention_drawn: true });
  });
  parts.drawing.addEventListener("change", () => {
    set({ attention_drawing: /** @type {Controls["attention_drawing"]} */ (parts.drawing.value) });
  });
  parts.scope.addEventListener("change", () => {
    set({ attention_scope: /** @type {Controls["attention_scope"]} */ (parts.scope.value) });
  });
  const asked = ["attention_drawing", "attention_scope", "attention_drawn"];
  subscribe(element, (_state, changed) => update(changed), [name, "kind", "layer", "head", ...asked]);
}
