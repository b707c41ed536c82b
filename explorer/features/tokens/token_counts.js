// How many tokens, characters and bytes, and how full the model's context is.
import { find, h } from "../../web/dom.js";
import { count, decimals, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { runOf, subscribe } from "../../web/store.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

/**
 * Each figure with its name.
 * @param {Pick<RunFacts, "text" | "tokens" | "context" | "vocab">} run
 * @returns {[string, string][]}
 */
export function figures({ text, tokens, context, vocab }) {
  const characters = [...text].length;
  const bytes = new TextEncoder().encode(text).length;
  const spelled = tokens.filter((token) => token.end > token.start).length;
  const different = new Set(tokens.map((token) => token.id)).size;
  /** @type {[string, string][]} */
  const found = [
    [_("tokens"), count(tokens.length)],
    [_("characters"), count(characters)],
    [_("bytes"), count(bytes)],
    [_("characters per token"), spelled ? decimals(characters / spelled, 2) : _("none")],
    [_("different tokens of the vocabulary"), _("{count} of {all}", { count: different, all: vocab })],
  ];
  if (!context) return found;
  const full = _("{share} of {all}", { share: percent(tokens.length / context), all: context });
  return [...found, [_("of the context, in tokens"), full]];
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const list = find(element, ".counts");
  subscribe(element, () => {
    const run = runOf(props);
    if (run)
      list.replaceChildren(
        ...figures(run).map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
      );
  }, [props.run ?? "main"]);
}
