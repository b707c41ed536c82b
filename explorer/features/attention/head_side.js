// Beside the heatmap: what the chosen head does, where the chosen token looks, and the head's place among all heads.
import { changeMenu } from "../../web/change_menu.js";
import { find, h, svg } from "../../web/dom.js";
import { decimals, percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { fitted, state, subscribe } from "../../web/store.js";
import { PATTERN_KEYS, shapeOf, shownRun } from "./asked.js";
import { askRow, habitNow, hereOf, isOneHead, thereOf } from "./chosen_row.js";
import { measure, shortName } from "./habits.js";
import { headChanges } from "./head_changes.js";
import { createOffCard } from "./head_off.js";
import { valuesOf } from "./head_scores.js";
import { keptScores, onScores } from "./measured.js";
import { largestUnits, weightText } from "./shading.js";
import { placesOf } from "./strips.js";

/** @typedef {import("./chosen_row.js").Row} Row */
/**
 * @typedef {object} Side
 * @property {HTMLElement} element
 * @property {any} props
 * @property {import("../../web/store.js").RunName} name  of the run
 * @property {ReturnType<typeof latest>} ask
 * @property {ReturnType<typeof createOffCard>} card
 * @property {Row | null} row
 */

const KEYS = ["token", "attention_direction", "attention_head_off"];
const BARS = 4;
const STRIP = { width: 150, height: 22 };

// ---- words ----------------------------------------------------------------------------------------------------------

/**
 * @param {Side} side
 * @param {Row} row
 */
function sayName(side, row) {
  const known = habitNow(side.name);
  const head = h("span", { class: "side-head" }, `${state.layer}·${state.head}`);
  const title = isOneHead() ? [head, " ", known ? shortName(known.habit) : ""] : [row.name];
  find(side.element, ".side-name").replaceChildren(...title);
  find(side.element, ".side-measure").textContent = known ? measure(known) : "";
}

// ---- bars -----------------------------------------------------------------------------------------------------------

/**
 * @param {Side} side
 * @param {Row} row
 */
function showBars({ element }, row) {
  const { values, unit } = row;
  const token = h("b", { dir: "auto" }, hereOf(row));
  const isTo = state.attention_direction === "to";
  const parts = isTo ? [token, " ", _("is looked at by")] : [_("From"), " ", token, " ", _("it looks at")];
  find(element, ".side-from").replaceChildren(...parts);
  const top = largestUnits(values, BARS);
  const most = unit === "share" ? 1 : values[top[0]];
  const bars = top.map((place) => {
    const { position, word } = thereOf(row, place);
    const track = h("span", { class: "side-track" }, h("i", { style: { width: `${(100 * values[place]) / most}%` } }));
    const number = h("span", { class: "side-number" }, weightText(values[place], unit));
    const title = _("position {number}", { number: String(position) });
    const name = h("span", { class: "side-word", dir: "auto" }, word);
    return h("div", { class: "side-bar", role: "listitem", title }, name, track, number);
  });
  find(element, ".side-bars").replaceChildren(...bars);
}

// ---- place among all ------------------------------------------------------------------------------------------------

/** @param {string} key */
function titleOf(key) {
  if (key === "previous") return _("one back");
  if (key === "copies") return _("copies");
  return key === "first" ? _("parks") : _("focused");
}

/** @param {Side} side */
function showPlace({ element, name }) {
  const { run } = shownRun({ run: name });
  const part = find(element, ".side-place");
  if (!run) return;
  const shape = shapeOf(run);
  const layers = keptScores(name);
  const here = state.layer * shape.heads + state.head;
  const strips = ["previous", "copies", "first", "entropy"].flatMap((key) => {
    const values = valuesOf(layers, shape, key);
    if (values[here] === null || !isOneHead()) return [];
    return [strip(titleOf(key), values, here, key)];
  });
  part.hidden = !strips.length;
  const own = shape.heads_by_layer ?? Array(shape.layers).fill(shape.heads); // blocks of a hybrid may have none
  const all = own.reduce((sum, heads) => sum + heads, 0);
  find(element, ".side-among").textContent = _n("The only head", "Among all {count} heads", all);
  find(element, ".side-strips").replaceChildren(...strips);
}

/**
 * One dot a head along a line, the chosen one large.
 * @param {string} title
 * @param {(number | null)[]} values
 * @param {number} here
 * @param {string} key
 */
function strip(title, values, here, key) {
  const isEntropy = key === "entropy";
  const { places, rank } = placesOf(values, here, isEntropy);
  const value = values[here] ?? 0;
  const said = isEntropy ? _("as if among {tokens} tokens", { tokens: decimals(2 ** value, 1) }) : percent(value);
  const of = places.filter((place) => place !== null).length;
  const label = _("{measure}: {value}, number {rank} of {count}", { measure: title, value: said, rank, count: of });
  const x = (/** @type {number} */ place) => 8 + place * (STRIP.width - 16);
  const middle = STRIP.height / 2;
  const dots = places.flatMap((place, at) => {
    return place === null || at === here ? [] : [svg("circle", { cx: x(place), cy: middle, r: 3, class: "habit-dot" })];
  });
  const mine = svg("circle", { cx: x(places[here] ?? 0), cy: middle, r: 6, class: "habit-mine" });
  const line = svg("line", { x1: 8, x2: STRIP.width - 8, y1: middle, y2: middle, class: "habit-line" });
  const picture = svg("svg", { viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, "aria-hidden": true }, line, dots, mine);
  const name = h("span", { class: "side-word" }, title);
  return h("div", { class: "side-strip", role: "listitem", "aria-label": label, title: label }, name, picture);
}

// ---- the view -------------------------------------------------------------------------------------------------------

/** @param {Side} side */
function show(side) {
  if (!side.row) return;
  sayName(side, side.row);
  showPlace(side);
}

/** @param {Side} side */
async function update(side) {
  const { run } = shownRun(side.props);
  if (!run) return;
  side.card.update(run);
  side.row = await askRow(side.ask, run);
  showBars(side, side.row);
  const changes = headChanges(side.row);
  find(side.element, ".off-changes").replaceChildren(...(changes.length ? [changeMenu(changes)] : []));
  show(side);
  side.element.dataset.head = `${fitted(run, state).layer}·${fitted(run, state).head}`;
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const { name } = shownRun(props);
  /** @type {Side} */
  const side = {
    element,
    props,
    name,
    ask: latest(element),
    card: createOffCard(find(element, ".off-card")),
    row: null,
  };
  onScores(element, name, () => show(side));
  subscribe(element, () => update(side), [name, ...KEYS, ...PATTERN_KEYS]);
}
