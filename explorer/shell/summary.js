// In the prompt's line: what was run, on what. It also lists the tabs that fit the model.
import { config } from "../web/configuration.js";
import { find, h } from "../web/dom.js";
import { compact } from "../web/format.js";
import { _, _n, number } from "../web/language.js";
import { onChange, state, subscribe } from "../web/store.js";
import { whenListed } from "../web/tabs.js";

/** @typedef {import("../web/store.js").RunFacts} RunFacts */

/** @param {RunFacts} run */
function tokensOf({ kind, context, tokens, target_tokens: target }) {
  const count = tokens.length;
  const values = { source: count, target: target.length, context: context ?? 0 };
  if (kind === "encoder-decoder") {
    return context
      ? _("{source} of {context} source and {target} of {context} target tokens", values)
      : _("{source} source and {target} target tokens", values);
  }
  const of = context ? _(" of {context}", values) : "";
  return of ? _("{tokens}{of} tokens", { tokens: number(count), of }) : _n("{count} token", "{count} tokens", count);
}

/**
 * What was run, the facts that matter most first; the rare ones are shown while the prompt is open.
 * @param {RunFacts} run
 */
function facts(run) {
  const layers = _n("{count} layer", "{count} layers", run.layers);
  const heads = _n("{count} head", "{count} heads", run.heads);
  const parameters = _("{count} parameters", { count: compact(run.parameters) });
  const often = [tokensOf(run), run.heads ? `${layers} × ${heads}` : layers].map((text) => h("span", {}, text));
  const rare = [run.model, run.kind, parameters, run.device].map((text) => h("span", { class: "rare" }, text));
  return [...often, ...rare];
}

/**
 * A tab that has nothing to say about this kind of model is not listed; who stands on it goes to the first one.
 * @param {string} kind
 */
function listTabs(kind) {
  const fitting = config.tabs.filter((tab) => tab.kinds.includes(kind)).map((tab) => tab.name);
  const listed = [...document.querySelectorAll("#tabs > .tab-wrapper [data-tab-id]")];
  const tabs = listed.filter((tab) => tab instanceof HTMLElement);
  for (const tab of tabs) tab.hidden = !fitting.includes(tab.dataset.tabId ?? "");
  if (tabs.some((tab) => tab.hidden && tab.ariaSelected === "true")) tabs.find((tab) => !tab.hidden)?.click();
}

/** @param {import("../web/store.js").RunFacts | null} main */
function showKind(main) {
  if (!main) return;
  document.body.dataset.kind = main.kind; // the style sheets show what fits the kind of model
  whenListed(() => listTabs(main.kind));
}

/** @param {import("../web/mount.js").View} view */
export function mount({ element }) {
  const line = find(element, ".summary-line", HTMLElement);
  // At once and not only where the line is seen: a telephone leaves it out, and the page depends on the kind of model.
  onChange((changed) => {
    if (changed.includes("main")) showKind(state.main);
  });
  showKind(state.main);
  subscribe(
    element,
    ({ main }) => {
      if (!main) return;
      line.replaceChildren(...facts(main));
      element.dataset.run = String(main.run);
    },
    ["main"],
  );
}
