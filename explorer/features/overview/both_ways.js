// Two runs on one screen: both texts, what each side would say at each depth, where they part, what comes out.
import { floats } from "../../web/base64.js";
import { indexOf, sequential } from "../../web/colour.js";
import { find, h, onResize } from "../../web/dom.js";
import { bits, decimals, percent } from "../../web/format.js";
import { headline, said } from "../../web/headline.js";
import { joined, joinedBars } from "../../web/joined_bars.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sideLetter, sidesOf } from "../../web/sides.js";
import { status } from "../../web/status.js";
import { set, subscribe } from "../../web/store.js";
import { goTo } from "../../web/tabs.js";
import { wordName } from "../../web/tokens.js";
import { agree, columnsOf, depthPairs, partsAt, programOf } from "./compare_ways.js";
import { guessName } from "./sentences.js";

/** @typedef {import("../../web/calls.d.ts").WaysAnswer} WaysAnswer */
/** @typedef {import("../../web/sides.js").Sides} Sides */

const FEWEST = 2; // rows of what comes out
const [MOST_COLUMNS, WORD] = [24, 3.4]; // tokens side by side, and the width of one in em; of more the last are shown

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const ask = latest(element);
  /** @type {{ sides: Sides, answer: WaysAnswer } | null} */
  let shown = null;

  async function update() {
    const sides = sidesOf();
    if (!sides) return;
    if (shown?.sides.pair !== sides.pair) {
      status(element, _("Computing…"));
      shown = { sides, answer: await ask("ways", { ...BOTH }) };
      status(element, null);
    }
    const { answer } = shown;
    headline(element, ...sentence(answer, sides));
    showText(element, answer, sides);
    showDepths(element, answer, sides);
    showOutcome(element, answer, sides);
  }

  onResize(find(element, ".way-text"), () => shown && showText(element, shown.answer, shown.sides));
  onResize(find(element, ".way-outcome"), () => shown && showOutcome(element, shown.answer, shown.sides));
  savable(element, () => shown && saved(shown.answer, shown.sides, [...element.querySelectorAll("[class^=way-]")]));
  subscribe(element, update, [PAIR, "theme"]);
}

// ---- words ----------------------------------------------------------------------------------------------------------

/**
 * @param {WaysAnswer} answer
 * @param {Sides} sides
 * @returns {(Node | string)[]}
 */
function sentence(answer, { pair }) {
  const [one, other] = [answer.one.candidates[0], answer.other.candidates[0]];
  const same = agree(one, other, pair.same_vocabulary);
  const shares = { one: percent(one.probability), other: percent(other.probability) };
  const at = partsAt(answer, pair.same_vocabulary);
  const parted = at < 0 || answer.one.unread || answer.other.unread ? "" : ` ${partedAt(at)}`;
  if (same) return [_("Both say"), " ", said(guessName(one)), `: A ${shares.one}, B ${shares.other}.${parted}`];
  const names = { one: said(guessName(one)), other: said(guessName(other)) };
  const rest = _(" {share}, B says ", { share: shares.one });
  return [_("A says "), names.one, rest, names.other, ` ${shares.other}.${parted}`];
}

/** @param {number} depth */
const partedAt = (depth) =>
  depth ? _("They first differ after layer {layer}.", { layer: String(depth - 1) }) : _("They differ from the start.");

// ---- both texts, and how far they are apart -------------------------------------------------------------------------

/**
 * @param {HTMLElement} element
 * @param {WaysAnswer} answer
 * @param {Sides} sides
 */
function showText(element, answer, { main, other, pair }) {
  const stack = main.target_tokens.length ? "target" : "source";
  const tokens = stack === "target" ? main.target_tokens : main.tokens;
  const others = other.target_tokens.length ? other.target_tokens : other.tokens;
  const all = columnsOf(answer.pairs, tokens.length, others.length);
  const place = find(element, ".way-text");
  const em = Number.parseFloat(getComputedStyle(place).fontSize);
  const room = Math.max(8, Math.floor(place.clientWidth / (WORD * em)) - 2);
  const columns = all.slice(-Math.min(MOST_COLUMNS, room));
  const open = (/** @type {number | null} */ position, /** @type {string} */ tab) => () => {
    if (position !== null) set({ token: { stack, position } });
    goTo(tab);
  };
  const tile = (
    /** @type {import("../../web/store.js").RunFacts["tokens"][number] | undefined} */ token,
    /** @type {number | null} */ here,
  ) =>
    token
      ? h(
          "button",
          { class: "way-cell", dir: "auto", title: wordName(token), onclick: open(here, "tokens") },
          wordName(token),
        )
      : h("span", { class: "way-cell is-none" });
  const rows = [
    h("span", { class: "way-name" }, sideLetter("A")),
    ...columns.map(({ here }) => tile(here === null ? undefined : tokens[here], here)),
    h("span", { class: "way-name" }, sideLetter("B")),
    ...columns.map(({ here, there }) => tile(there === null ? undefined : others[there], here)),
  ];
  const apart = answer.apart === null ? null : floats(answer.apart);
  const grid = h("div", { class: "way-grid" }, rows, apart ? apartRows(apart, answer, columns, open) : []);
  grid.style.gridTemplateColumns = `max-content repeat(${columns.length}, minmax(34px, 1fr))`;
  place.replaceChildren(grid);
  const more =
    all.length > columns.length
      ? _("The last {shown} of {all} tokens.", { shown: columns.length, all: all.length })
      : "";
  const scale = apart
    ? _(
        "The stronger the colour, the further apart the residual streams, ‖A − B‖ over their mean length, 0 to {most}.",
        {
          most: decimals(Math.max(...apart), 2),
        },
      )
    : pair.same_model
      ? ""
      : _("Residual streams of two models cannot be compared.");
  find(element, ".way-scale").textContent = [scale, more].filter(Boolean).join(" ");
}

/**
 * @param {Float32Array} apart
 * @param {WaysAnswer} answer
 * @param {import("./compare_ways.js").Column[]} columns
 * @param {(position: number | null, tab: string) => () => void} open
 */
function apartRows(apart, { pairs }, columns, open) {
  const depths = apart.length / pairs.length;
  const most = Math.max(...apart) || 1;
  return Array.from({ length: depths }, (_depth, depth) => [
    h("span", { class: "way-name" }, depthName(depth)),
    ...columns.map(({ here, there }) => {
      const place = here === null || there === null ? -1 : pairs.findIndex(([one]) => one === here);
      if (place < 0) return h("span", { class: "way-cell is-apart is-none" });
      const value = apart[depth * pairs.length + place];
      const said_ = `${depthName(depth)}: ${decimals(value, 2)}`;
      const look = { background: sequential.css[indexOf(value / most)] };
      return h("button", {
        class: "way-cell is-apart",
        title: said_,
        "aria-label": said_,
        style: look,
        onclick: open(here, "layers"),
      });
    }),
  ]).flat();
}

/** @param {number} depth */
const depthName = (depth) => (depth ? _("layer {number}", { number: String(depth - 1) }) : _("embedding"));

// ---- depth by depth -------------------------------------------------------------------------------------------------

/**
 * @param {HTMLElement} element
 * @param {WaysAnswer} answer
 * @param {Sides} sides
 */
function showDepths(element, answer, { pair }) {
  const unread = answer.one.unread || answer.other.unread;
  const places = depthPairs(answer);
  const at = unread ? -1 : partsAt(answer, pair.same_vocabulary);
  const open = (/** @type {number} */ depth) => () => {
    set(depth ? { layer: depth - 1, lens_depth: -1 } : { lens_depth: 0 });
    goTo("layers");
  };
  const cells = (/** @type {"one" | "other"} */ side, /** @type {0 | 1} */ index) =>
    places.map((place, column) => {
      const [guess] = answer[side].depths[place[index]].guesses;
      const name = guessName(guess);
      const share = percent(guess.probability);
      const look = `way-cell is-guess${column === at ? " is-parted" : ""}`;
      return h(
        "button",
        { class: look, title: `${name} ${share}`, onclick: open(places[column][0]) },
        h("span", { dir: "auto" }, name),
        h("small", null, share),
      );
    });
  const heads = places.map(([depth]) =>
    h("span", { class: "way-kl" }, unread ? _("end") : depth ? String(depth - 1) : "–"),
  );
  const grid = h(
    "div",
    { class: "way-grid" },
    [h("span", { class: "way-name" }, _("layer")), ...heads],
    [h("span", { class: "way-name" }, sideLetter("A")), ...cells("one", 0)],
    [h("span", { class: "way-name" }, sideLetter("B")), ...cells("other", 1)],
    answer.kl
      ? [
          h("span", { class: "way-name" }, _("KL(A ‖ B)")),
          ...answer.kl.map((value) => h("span", { class: "way-kl" }, value === null ? "–" : bits(value, 2))),
        ]
      : [],
  );
  grid.style.gridTemplateColumns = `max-content repeat(${places.length}, minmax(64px, 1fr))`;
  find(element, ".way-depths").replaceChildren(grid, unread ? h("p", { class: "note" }, unread) : "");
}

// ---- what comes out -------------------------------------------------------------------------------------------------

/**
 * @param {HTMLElement} element
 * @param {WaysAnswer} answer
 * @param {Sides} sides
 */
function showOutcome(element, { one, other }, { pair }) {
  const open = h("button", { class: "action", onclick: () => goTo("completion") }, _("What comes next: Completion"));
  const place = find(element, ".way-outcome");
  place.replaceChildren(open, joinedBars(joined(one.candidates, other.candidates, pair.same_vocabulary)));
  const rows = [...place.querySelectorAll(".joined-row")];
  // No row is cut in two: those that find no place are in Completion.
  while (rows.length > FEWEST && place.scrollHeight > place.clientHeight + 1) rows.pop()?.remove();
}

/**
 * @param {WaysAnswer} answer
 * @param {Sides} sides
 * @param {Element[]} parts
 * @returns {import("../../web/saving/offer.js").Picture}
 */
function saved(answer, { pair }, parts) {
  return {
    name: _("Overview of both sides"),
    parts,
    ...programOf(answer),
    rows: () => [
      ...depthPairs(answer).map(([depth, beside]) => {
        const [one, other] = [answer.one.depths[depth].guesses[0], answer.other.depths[beside].guesses[0]];
        const a = { part: "depth", depth, a: one.text, a_probability: one.probability };
        return { ...a, b: other.text, b_probability: other.probability, kl: answer.kl?.[depth] ?? null };
      }),
      ...joined(answer.one.candidates, answer.other.candidates, pair.same_vocabulary).map(({ text, one, other }) => {
        return { part: "outcome", depth: null, a: text, a_probability: one, b: text, b_probability: other, kl: null };
      }),
    ],
  };
}
