// Beside the heatmap: what the chosen head does, where the chosen token looks, and the head's place among all heads.
// The headline of the tab is said here too, because it is made of the same three.
import { floats } from "../../web/base64.js";
import { find, h, svg } from "../../web/dom.js";
import { decimals, percent } from "../../web/format.js";
import { headline, looked } from "../../web/headline.js";
import { _, _n } from "../../web/language.js";
import { latest } from "../../web/server.js";
import { fitted, state, subscribe } from "../../web/store.js";
import { PATTERN_KEYS, rowOf, shapeOf, shownRun, stacksNow, tokensOf } from "./asked.js";
import { doing, habitOf, isExample, measure, shortName } from "./habits.js";
import { valuesOf } from "./head_scores.js";
import { keptScores, onScores, scoresOf } from "./measured.js";
import { largestUnits, weightText } from "./shading.js";
import { placesOf } from "./strips.js";
import { quoted, wordOf } from "./words.js";

/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").ShadingAnswer} ShadingAnswer */
/** @typedef {ShadingAnswer & { values: Float32Array, run: RunFacts, position: number }} Row */
/**
 * @typedef {object} Side
 * @property {HTMLElement} element
 * @property {any} props
 * @property {string} name  of the run
 * @property {ReturnType<typeof latest>} ask
 * @property {Row | null} row
 */

const BARS = 4;
const STRIP = { width: 150, height: 22 };

/** Whether the pattern is simply that of one head. */
const isOneHead = () => state.attention_heads === "one" && state.attention_reading !== "rollout";

// ---- words ----------------------------------------------------------------------------------------------------------

/**
 * The chosen token (or word), and the one with the largest weight.
 * @param {Row} row
 */
function linkOf({ run, values, groups, chosen: [first, last] }) {
  const { chosen, other } = stacksNow(run);
  const [best] = largestUnits(values, 1);
  if (best === undefined) return null;
  const [from, to] = groups ? [groups[best], groups[best + 1]] : [best, best + 1];
  return {
    key: from,
    here: quoted(wordOf(tokensOf(run, chosen).slice(first, last))),
    there: quoted(wordOf(tokensOf(run, other).slice(from, to))),
    weight: values[best],
  };
}

/** @param {Side} side */
const habitNow = ({ name }) => (isOneHead() ? habitOf(scoresOf(keptScores(name), state.layer, state.head)) : null);

/**
 * One true sentence: what the head does in general where this token is an example of it, else what it does here.
 * @param {Side} side
 * @param {Row} row
 */
function sayHeadline(side, row) {
  const { run, name, unit, position } = row;
  const link = linkOf(row);
  const head = looked(isOneHead() ? `${state.layer}·${state.head}` : name[0].toUpperCase() + name.slice(1));
  if (!link) return headline(side.element, head, " ", _("shows nothing for this token: everything is left out."));
  const share = weightText(link.weight, unit);
  if (state.attention_direction === "to") {
    const most = _("looks at {token} most from", { token: link.here });
    return headline(side.element, head, " ", most, " ", looked(link.there), ` ${share}`);
  }
  const arrow = [`${link.here} → `, looked(link.there), ` ${share}`];
  const known = habitNow(side);
  const { chosen, other } = stacksNow(run);
  if (!known || known.habit === "wide" || chosen !== other || state.attention_words) {
    return headline(side.element, head, ": ", ...arrow);
  }
  if (isExample(known.habit, tokensOf(run, chosen), position, link.key)) {
    return headline(side.element, head, ` ${doing(known.habit)}: `, ...arrow);
  }
  return headline(side.element, head, ` ${doing(known.habit)}. `, _("Here:"), " ", ...arrow);
}

/** @param {Side} side @param {Row} row */
function sayName(side, row) {
  const known = habitNow(side);
  const head = h("span", { class: "side-head" }, `${state.layer}·${state.head}`);
  const title = isOneHead() ? [head, " ", known ? shortName(known.habit) : ""] : [row.name];
  find(side.element, ".side-name").replaceChildren(...title);
  find(side.element, ".side-measure").textContent = known ? measure(known) : "";
}

// ---- bars -----------------------------------------------------------------------------------------------------------

/** @param {Side} side @param {Row} row */
function showBars({ element }, { run, values, groups, chosen: [first, last], unit }) {
  const { chosen, other } = stacksNow(run);
  const token = h("b", { dir: "auto" }, quoted(wordOf(tokensOf(run, chosen).slice(first, last))));
  const isTo = state.attention_direction === "to";
  const parts = isTo ? [token, " ", _("is looked at by")] : [_("From"), " ", token, " ", _("it looks at")];
  find(element, ".side-from").replaceChildren(...parts);
  const top = largestUnits(values, BARS);
  const most = unit === "share" ? 1 : values[top[0]];
  const bars = top.map((place) => {
    const [from, to] = groups ? [groups[place], groups[place + 1]] : [place, place + 1];
    const name = h("span", { class: "side-word", dir: "auto" }, wordOf(tokensOf(run, other).slice(from, to)));
    const fill = h("i", { style: { width: `${Math.max(1, (100 * values[place]) / most)}%` } });
    const number = h("span", { class: "side-number" }, weightText(values[place], unit));
    const title = _("position {number}", { number: String(from) });
    return h(
      "div",
      { class: "side-bar", role: "listitem", title },
      name,
      h("span", { class: "side-track" }, fill),
      number,
    );
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
  const { run } = shownRun({ run: /** @type {"main"} */ (name) });
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
  const all = shape.layers * shape.heads;
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
    return place === null || at === here ? [] : [svg("circle", { cx: x(place), cy: middle, r: 3, class: "strip-dot" })];
  });
  const mine = svg("circle", { cx: x(places[here] ?? 0), cy: middle, r: 6, class: "strip-mine" });
  const line = svg("line", { x1: 8, x2: STRIP.width - 8, y1: middle, y2: middle, class: "strip-line" });
  const picture = svg("svg", { viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, "aria-hidden": true }, line, dots, mine);
  const name = h("span", { class: "side-word" }, title);
  return h("div", { class: "side-strip", role: "listitem", "aria-label": label, title: label }, name, picture);
}

// ---- the view -------------------------------------------------------------------------------------------------------

/** @param {Side} side */
function show(side) {
  if (!side.row) return;
  sayHeadline(side, side.row);
  sayName(side, side.row);
  showPlace(side);
}

/** @param {Side} side */
async function update(side) {
  const { run } = shownRun(side.props);
  if (!run) return;
  const question = rowOf(run);
  const answer = await side.ask("shading", question);
  side.row = { ...answer, values: floats(answer.weights), run, position: question.position };
  showBars(side, side.row);
  show(side);
  side.element.dataset.head = `${fitted(run, state).layer}·${fitted(run, state).head}`;
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const { name } = shownRun(props);
  /** @type {Side} */
  const side = { element, props, name, ask: latest(element), row: null };
  onScores(element, name, () => show(side));
  subscribe(element, () => update(side), [name, "token", "attention_direction", ...PATTERN_KEYS]);
}
