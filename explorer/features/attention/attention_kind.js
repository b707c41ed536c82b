// Which attention of an encoder-decoder model is looked at; hidden for models that have one kind only.
import { find, h } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { nameChoices } from "../../web/setting_names.js";
import { set, state, subscribe } from "../../web/store.js";
import { shownRun } from "./asked.js";
import { openFolds } from "./folds.js";

const KINDS = ["encoder", "decoder", "cross"];

/** @param {string} kind */
function titleOf(kind) {
  if (kind === "encoder") return _("Encoder: the source reads itself");
  if (kind === "decoder") return _("Decoder: the target reads itself");
  return kind === "cross" ? _("Cross: the target reads the source") : kind;
}

/** @param {string} kind */
export function nameOf(kind) {
  if (kind === "encoder") return _("Encoder");
  if (kind === "decoder") return _("Decoder");
  return kind === "cross" ? _("Cross") : kind;
}

/**
 * @param {string} kind
 * @param {string} group
 */
function choice(kind, group) {
  const choose = () => set({ kind });
  const radio = h("input", { type: "radio", name: group, value: kind, "aria-label": titleOf(kind), onchange: choose });
  return h("label", { title: titleOf(kind) }, radio, nameOf(kind));
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const bar = find(element, ".kind-bar");
  const group = `kind-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const { name } = shownRun(props);
  openFolds();
  nameChoices("kind", [
    ["self", _("self-attention")],
    ...KINDS.map((kind) => /** @type {const} */ ([kind, nameOf(kind)])),
  ]);
  subscribe(element, () => {
    const kinds = (shownRun(props).run?.attention_kinds ?? []).map((entry) => entry.kind);
    if (bar.dataset.kinds !== kinds.join()) {
      bar.dataset.kinds = kinds.join();
      bar.replaceChildren(...kinds.map((kind) => choice(kind, group)));
    }
    bar.hidden = kinds.length < 2;
    for (const radio of bar.querySelectorAll("input")) radio.checked = radio.value === state.kind;
  }, [name, "kind"]);
}
