// The tab's headline: what the head does in general where the chosen token is an example of it, else what it does here.
import { h } from "../../web/dom.js";
import { headline, looked } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { state, subscribe } from "../../web/store.js";
import { PATTERN_KEYS, shownRun, stacksNow, tokensOf } from "./asked.js";
import { askHabit, askRow, isOneHead, linkOf } from "./chosen_row.js";
import { doing, isExample } from "./habits.js";
import { weightText } from "./shading.js";

/** @typedef {import("./chosen_row.js").Row} Row */

/**
 * @param {Row} row
 * @param {import("./habits.js").Known | null} known
 * @returns {(Node | string)[]}
 */
function sentence(row, known) {
  const { run, name, unit, position } = row;
  const link = linkOf(row);
  const head = looked(isOneHead() ? `${state.layer}·${state.head}` : name[0].toUpperCase() + name.slice(1));
  if (!link) return [head, " ", _("shows nothing for this token: everything is left out.")];
  const share = h("span", { class: "whole" }, weightText(link.weight, unit));
  if (state.attention_direction === "to") {
    return [head, " ", _("looks at {token} most from", { token: link.here }), " ", looked(link.there), " ", share];
  }
  const arrow = [`${link.here} → `, looked(link.there), " ", share];
  const { chosen, other } = stacksNow(run);
  if (!known || chosen !== other || state.attention_words) return [head, ": ", ...arrow];
  const example = { query: position, key: link.key, weight: unit === "share" ? link.weight : null };
  return isExample(known.habit, tokensOf(run, chosen), example)
    ? [head, ` ${doing(known.habit)}: `, ...arrow]
    : [head, ` ${doing(known.habit)}. `, _("Here:"), " ", ...arrow];
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const ask = latest(element);
  const { name } = shownRun(props);
  let newest = 0;

  async function update() {
    const { run } = shownRun(props);
    const mine = ++newest;
    if (!run) return;
    const row = await askRow(ask, run);
    const known = await askHabit(name);
    if (mine === newest) headline(element, ...sentence(row, known));
  }

  subscribe(element, update, [name, "token", "attention_direction", ...PATTERN_KEYS]);
}
