// What comes next on two sides, joined by text: under side A's rules and side B's, which stand on either side of it.
import { find } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { RULES, samplingOf } from "../../web/sampling.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { latest } from "../../web/server.js";
import { nameChoices } from "../../web/setting_names.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { set, state, subscribe } from "../../web/store.js";
import { sidesTable } from "./sides_rows.js";
import { savedSides } from "./sides_saved.js";
import { distanceSentence, sidesHeadline, sidesNote } from "./sides_words.js";

/** @typedef {import("../../web/calls.d.ts").NextOfBothAnswer} NextOfBothAnswer */

const MOST = 200;
const SETTINGS = ["seed", ...RULES].flatMap((name) => [name, `second_${name}`]);

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const table = sidesTable(find(element, ".sides-table", HTMLTableElement));
  const ask = latest(element);
  /** @type {NextOfBothAnswer | null} */
  let answer = null;
  const orders = /** @type {const} */ ([
    ["probability", _("Likeliest")],
    ["difference", _("Largest difference")],
  ]);
  nameChoices("sides_order", orders);
  const order = segmented({ label: _("Order"), choices: orders, onSelect: (value) => set({ sides_order: value }) });
  find(element, ".sides-order").append(order.element);
  find(element, "[data-do=more]").addEventListener("click", () => {
    set({ sides_rows: Math.min(MOST, state.sides_rows * 2) });
  });

  /** @param {NextOfBothAnswer} told */
  function draw(told) {
    answer = told;
    const isThere = told.rows.length > 0;
    find(element, ".sides-scroll").hidden = !isThere;
    table.draw(told.rows);
    find(element, ".sides-distance").textContent = isThere ? distanceSentence(told) : told.missing.join(" ");
    find(element, ".sides-note").textContent = isThere ? sidesNote(told) : "";
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {NextOfBothAnswer} told  the likeliest of both, whatever the table lists */
  const say = (told) => headline(element, ...(told.rows.length ? [sidesHeadline(told)] : []));

  async function refresh() {
    const asked = { ...BOTH, ...samplingOf(state), second: samplingOf(state, "second_") };
    const told = await ask("next_of_both", { ...asked, limit: state.sides_rows, order: state.sides_order });
    draw(told);
    if (state.sides_order === "probability") say(told);
    else say(await ask("next_of_both", { ...asked, limit: 2, order: "probability" }));
  }

  savable(element, () =>
    answer?.rows.length ? savedSides(answer, [find(element, ".sides-table"), find(element, ".sides-distance")]) : null,
  );
  subscribe(element, async () => {
    order.update(state.sides_order);
    if (sidesOf()) await refresh();
  }, ["main", "other", PAIR, "sides_order", "sides_rows", ...SETTINGS]);
}
