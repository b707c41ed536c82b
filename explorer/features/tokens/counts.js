// How many tokens, characters and bytes, and how full the model's context is.
import { h } from "../../web/dom.js";
import { count, percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { bytesOf, charactersOf } from "./rows.js";
import { charactersPerToken } from "./sentences.js";

/** @typedef {import("./cut.js").Cut} Cut */

/**
 * Each figure with its name.
 * @param {Pick<Cut, "text" | "tokens" | "context" | "vocab">} cut
 * @returns {[string, string][]}
 */
export function figures(cut) {
  const { text, tokens, context, vocab } = cut;
  const different = new Set(tokens.map((token) => token.id)).size;
  /** @type {[string, string][]} */
  const found = [
    [_("tokens"), count(tokens.length)],
    [_("characters"), count(charactersOf(text))],
    [_("bytes"), count(bytesOf(text))],
    [_("characters per token"), tokens.length ? charactersPerToken(cut) : _("none")],
    [_("different tokens of the vocabulary"), _("{count} of {all}", { count: different, all: vocab })],
  ];
  if (!context) return found;
  const full = _("{share} of {all}", { share: percent(tokens.length / context), all: context });
  return [...found, [_("of the context, in tokens"), full]];
}

/**
 * @param {HTMLElement} list
 * @param {Cut} cut
 */
export function drawCounts(list, cut) {
  list.replaceChildren(
    ...figures(cut).map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
  );
}
