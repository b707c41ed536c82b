// What the text costs two runs, stretch by stretch: the bits of both, coloured by their difference.
import { diverging, shade } from "../../web/colour.js";
import { find, h, listbox, onResize } from "../../web/dom.js";
import { bits, decimals, signed } from "../../web/format.js";
import { guessList } from "../../web/guesses.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { call } from "../../web/server.js";
import { BOTH, PAIR, sideLetter, sideNames, sidesOf } from "../../web/sides.js";
import { legend } from "../../web/steps.js";
import { set, state, subscribe } from "../../web/store.js";
import { streamTools } from "../../web/stream_tools.js";
import { fitTiles, tile } from "../../web/tiles.js";
import { tokenName, wordName } from "../../web/tokens.js";
import { savedBoth } from "./compare_saved.js";
import { difference, headlineOf, limitOf, nameOf, noteOf, totalBits } from "./compare_words.js";

/** @typedef {import("../../web/calls.d.ts").BothAnswer} BothAnswer */
/** @typedef {import("../../web/calls.d.ts").BothMessage} BothMessage */
/** @typedef {import("../../web/calls.d.ts").SegmentAnswer} SegmentAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */

const SIZES = [56, 48, 44, 40, 36, 32, 28, 26, 24, 22, 20, 18];
const LISTED = 5;
const TALL = 64; // pixels of the highest bar of the strip

/** @param {RunFacts} run */
const judged = (run) => (run.target_tokens.length ? run.target_tokens : run.tokens);

/**
 * @param {RunFacts} run
 * @returns {"source" | "target"}
 */
const stackOf = (run) => (run.target_tokens.length ? "target" : "source");

/** @param {number | null} value */
const written = (value) => (value === null ? "–" : decimals(value, 1));

/** @param {import("../../web/mount.js").View} view */
export function mount({ element }) {
  const strip = find(element, ".surprisal-text");
  const detail = find(element, ".surprisal-detail");
  const stop = find(element, "[data-do=stop]");
  const tools = streamTools(element, "surprisal_of_both", { onMessage: receive, onEnd: () => "", onIdle: rest });
  /** @type {BothAnswer | null} */
  let answer = null;
  /** @type {object | null} */
  let asked = null;
  let picked = -1;
  let turn = 0;
  /** @type {HTMLElement[]} */
  let nodes = [];
  const list = listbox(strip, { items: () => nodes, selected: () => picked, onSelect: pick });

  const segments = () => answer?.found.segments ?? [];

  /** The stretch the selected token of side A is in, −1 for none. */
  function selected() {
    const { main, token } = state;
    if (!main || !token || token.stack !== stackOf(main)) return -1;
    return segments().findIndex(({ positions }) => positions.includes(token.position));
  }

  /** @param {number} index */
  function pick(index) {
    picked = index;
    const [position] = segments()[index].positions;
    if (state.main && position !== undefined) set({ token: { stack: stackOf(state.main), position } });
    mark();
  }

  /** @param {BothMessage} message */
  function receive({ answer: told, side = 0, done, of }) {
    if (told) draw(told);
    else {
      stop.hidden = false;
      const values = { letter: side ? "B" : "A", done, all: of };
      tools.say(_("Side {letter}: hiding one token after another, {done} of {all} done…", values));
    }
  }

  function rest() {
    stop.hidden = true;
  }

  /** @param {BothAnswer} told */
  function draw(told) {
    answer = told;
    const limit = limitOf(told.found.segments);
    nodes = told.found.segments.map((segment) => segmentTile(segment, limit));
    strip.replaceChildren(...nodes);
    legend(
      element,
      {
        low: () => _("B pays {bits} more", { bits: bits(limit, 1) }),
        high: () => _("A pays {bits} more", { bits: bits(limit, 1) }),
      },
      diverging,
    );
    headline(element, headlineOf(told));
    find(element, ".surprisal-note").textContent = noteOf(told);
    drawTotals(told);
    drawKl(told);
    picked = selected();
    if (picked < 0) picked = mostApart();
    fit();
    mark();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  function mostApart() {
    const sizes = segments().map((segment) => Math.abs(difference(segment) ?? -1));
    return sizes.indexOf(Math.max(...sizes));
  }

  const fit = () => fitTiles(strip, SIZES, nodes.length);

  /** @param {BothAnswer} told */
  function drawTotals(told) {
    const sides = sidesOf();
    const names = sides ? sideNames(sides) : ["", ""];
    const totals = totalBits(told);
    const rates = [told.found.bits_per_byte, told.found.other_bits_per_byte];
    const rows = names.map((name, side) =>
      h(
        "tr",
        null,
        h("th", { scope: "row" }, sideLetter(side ? "B" : "A"), " ", h("span", { dir: "auto" }, name)),
        h("td", null, decimals(totals[side], 1)),
        h("td", null, rates[side] === null ? "–" : decimals(rates[side], 2)),
      ),
    );
    const heads = [_("side"), _("bits"), _("bits per byte")].map((head) => h("th", { scope: "col" }, head));
    const table = find(element, ".both-totals");
    table.hidden = false;
    table.replaceChildren(h("thead", null, h("tr", null, heads)), h("tbody", null, rows));
  }

  /** @param {BothAnswer} told */
  function drawKl({ found, pseudo }) {
    const figure = find(element, ".kl-strip");
    const values = found.kl ?? [];
    const known = values.flatMap((value) => (value === null ? [] : [value]));
    figure.hidden = !known.length || pseudo.some(Boolean) || !state.main;
    if (figure.hidden || !state.main) return;
    const most = Math.max(...known);
    const tokens = judged(state.main);
    find(figure, "figcaption").textContent = _("KL(A‖B) of what each expects after each token; the highest: {bits}.", {
      bits: bits(most, 2),
    });
    find(figure, ".kl-bars").setAttribute("aria-label", figure.textContent ?? "");
    find(figure, ".kl-bars").replaceChildren(
      ...values.map((value, place) => {
        const told = value === null ? _("no counterpart") : bits(value, 2);
        const height = `${Math.max(1, (TALL * (value ?? 0)) / (most || 1))}px`;
        return h(
          "span",
          { class: "kl-column", title: `${tokenName(tokens[place])}: ${told}`, "data-none": value === null },
          h("span", { class: "kl-bar", style: { height } }),
        );
      }),
    );
  }

  /** What each side expected at the chosen stretch. */
  async function mark() {
    list.update();
    const segment = segments()[picked];
    detail.hidden = !segment;
    if (!segment || !state.main || !state.other) return;
    const mine = ++turn;
    const apart = difference(segment);
    const values = { one: written(segment.bits), other: written(segment.other_bits) };
    const name = h("strong", { dir: "auto" }, nameOf(segment));
    const line =
      apart === null
        ? _(": A {one} bits, B {other} bits", values)
        : _(": A {one} bits, B {other} bits, A − B {apart}", { ...values, apart: signed(apart, 1) });
    const head = h("p", null, name, line);
    detail.replaceChildren(head);
    const columns = await Promise.all([
      expected("main", state.main, segment.positions, segment.bits),
      expected("other", state.other, segment.other_positions, segment.other_bits),
    ]);
    if (mine === turn) detail.replaceChildren(head, h("div", { class: "both-expected" }, columns));
  }

  savable(element, () => (answer ? savedBoth(answer, [find(element, ".stream-legend"), strip]) : null));
  onResize(element, fit);
  subscribe(
    element,
    (_state, changed) => {
      const sides = sidesOf();
      if (!sides) return;
      if (asked !== sides.pair) {
        asked = sides.pair;
        begin();
      } else if (answer && changed.includes("theme")) draw(answer);
      else if (changed.includes("token") && selected() >= 0) {
        picked = selected();
        mark();
      }
    },
    ["main", "other", PAIR, "token"],
  );

  function begin() {
    answer = null;
    nodes = [];
    strip.replaceChildren();
    detail.hidden = true;
    find(element, ".both-totals").hidden = true;
    find(element, ".kl-strip").hidden = true;
    find(element, ".surprisal-note").textContent = "";
    legend(element, null);
    headline(element);
    tools.start({ ...BOTH });
  }
}

/**
 * @param {SegmentAnswer} segment
 * @param {number} limit
 */
function segmentTile(segment, limit) {
  const apart = difference(segment);
  const name = nameOf(segment);
  const below = `${written(segment.bits)} | ${written(segment.other_bits)}`;
  const label = _("{text}: A {one} bits, B {other} bits", {
    ...{ text: name, one: written(segment.bits), other: written(segment.other_bits) },
  });
  const absent = segment.text === null || segment.other_text === null;
  const node = tile(name, { below, "aria-label": label, "data-absent": absent, "data-unjudged": apart === null });
  shade(node, apart === null ? null : 0.5 + apart / limit / 2, diverging);
  return node;
}

/**
 * What a side expected where a stretch begins.
 * @param {"main" | "other"} name
 * @param {RunFacts} run
 * @param {readonly number[]} positions  of its tokens
 * @param {number | null} cost  in bits
 */
async function expected(name, run, positions, cost) {
  const letter = sideLetter(name === "main" ? "A" : "B");
  const [position] = positions;
  if (position === undefined) return h("div", null, letter, h("p", { class: "note" }, _("no counterpart")));
  const token = judged(run)[position];
  if ((position < 1 && run.kind !== "encoder") || token.special)
    return h("div", null, letter, h("p", { class: "note" }, _("has no score")));
  const { candidates } = await call("expected_here", { run: name, position });
  const actual = { id: token.id, text: token.text, special: token.special, rank: 0, probability: 0 };
  const isListed = candidates.slice(0, LISTED).some(({ id }) => id === token.id);
  const alone = positions.length === 1 && cost !== null ? { ...actual, probability: 2 ** -cost } : null;
  const first =
    positions.length > 1 ? h("p", { class: "note" }, _("first “{token}”", { token: wordName(token) })) : null;
  return h("div", null, letter, first, guessList(candidates.slice(0, LISTED), isListed ? actual : alone));
}
