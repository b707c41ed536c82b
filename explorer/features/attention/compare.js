// Two runs' attention: how all heads compare, one head of each side, and the difference where both have the tokens.
import { floats } from "../../web/base64.js";
import { find } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { headline, looked } from "../../web/headline.js";
import { _, _n } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { latest } from "../../web/server.js";
import { BOTH, PAIR, sidesOf } from "../../web/sides.js";
import { status } from "../../web/status.js";
import { fitted, set, state, subscribe } from "../../web/store.js";
import { stacksOf } from "./asked.js";
import { nameOf as kindName } from "./attention_kind.js";
import { createGrid, mostDifferent } from "./compare_grid.js";
import { createMaps } from "./compare_maps.js";
import { savedPair } from "./compare_saved.js";
import { axesOf, headIn, headName, nearestTo, showScatter } from "./compare_scatter.js";
import { scoreText } from "./head_scores.js";

/** @typedef {import("../../web/calls.d.ts").HeadDistancesAnswer} HeadDistancesAnswer */
/** @typedef {import("../../web/calls.d.ts").HeadLikenessAnswer} HeadLikenessAnswer */
/** @typedef {import("./compare_cells.js").Pair} Pair */
/** @typedef {import("./compare_scatter.js").Place} Place */
/** @typedef {import("../../web/sides.js").Sides} Sides */
/**
 * All heads as they were last asked about: of one model, or of two.
 * @typedef {{ sides: Sides["pair"], asked: string, distances: HeadDistancesAnswer | null,
 *   likeness: HeadLikenessAnswer | null }} Heads
 */

const DRAWN = ["token", "attention_scale"];

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const [askDistances, askLikeness, askPair] = [latest(element), latest(element), latest(element)];
  const [maps, grid] = [createMaps(element), createGrid(element)];
  /** @type {Heads | null} */
  let heads = null;
  /** @type {{ pair: Pair, here: Place, there: Place } | null} */
  let scene = null;

  /**
   * @param {Sides} sides
   * @param {string} kind
   */
  async function askHeads({ pair }, kind) {
    const hidden = state.attention_left_out;
    const asked = `${kind} ${hidden}`;
    if (heads?.sides === pair && heads.asked === asked) return heads;
    const distances = pair.same_model
      ? await askDistances("paired_distances", { ...BOTH, kind, left_out: hidden })
      : null;
    const likeness = pair.same_model ? null : await askLikeness("head_likeness", { ...BOTH, kind });
    heads = { sides: pair, asked, distances, likeness };
    if (distances) grid.show(distances);
    return heads;
  }

  /** @param {string[]} changed */
  async function update(changed) {
    const sides = sidesOf();
    if (!sides) return;
    const { kind, layer, head } = fitted(sides.main, state);
    showKinds(find(element, ".att-kind"), sides, kind);
    if (scene?.pair.sides.pair === sides.pair && changed.length && changed.every((key) => DRAWN.includes(key))) {
      maps.draw();
      return;
    }
    if (scene?.pair.sides.pair !== sides.pair) maps.show(null);
    status(element, _("Computing…"));
    const all = await askHeads(sides, kind);
    const here = { layer, head };
    const there = besideOf(all, here);
    showHeads(all, here, there);
    if (there) {
      const other = { other_layer: there.layer, other_head: there.head };
      const hidden = { left_out: state.attention_left_out };
      const answer = await askPair("head_pair", { ...BOTH, kind, ...here, ...other, ...hidden });
      scene = { pair: unpacked(answer, sides), here, there };
    } else scene = null;
    maps.show(scene);
    status(element, null);
    element.dataset.heads = `${headName(here)} ${there ? headName(there) : ""}`;
  }

  /**
   * @param {Heads} all
   * @param {Place} here
   * @param {Place | null} there
   */
  function showHeads({ distances, likeness }, here, there) {
    find(element, ".att-grid").hidden = !distances;
    find(element, ".att-likeness").hidden = !likeness;
    if (distances) grid.update();
    if (likeness) showScatter(element, likeness, { here, there }, props.scores);
    const note = distances ? noteOfGrid(distances) : likeness ? noteOfScatter(likeness, props.scores) : "";
    find(element, ".att-heads-note").textContent = note;
    const said = distances ? saidOfGrid(distances) : likeness ? saidOfScatter(likeness, here, there, props.scores) : [];
    headline(element, ...said);
  }

  savable(element, () => scene && savedPair(scene.pair, scene, maps.parts()));
  const keys = [
    PAIR,
    "theme",
    "kind",
    "layer",
    "head",
    "compare_head",
    "compare_x",
    "compare_y",
    "attention_left_out",
    ...DRAWN,
  ];
  subscribe(element, (_state, changed) => update(changed), keys);
}

/**
 * The head of side B that is shown: the same one of one model; of another the chosen one, else the nearest.
 * @param {Heads} heads
 * @param {Place} here
 * @returns {Place | null}
 */
function besideOf({ likeness }, here) {
  if (!likeness) return here;
  return headIn(state.compare_head, likeness.others) ?? nearestTo(likeness, here) ?? likeness.others[0] ?? null;
}

/**
 * @param {import("../../web/calls.d.ts").HeadPairAnswer} answer
 * @param {Sides} sides
 * @returns {Pair}
 */
function unpacked(answer, sides) {
  const found = (/** @type {number[][]} */ list) => new Map(list.map(([here, there]) => [here, there]));
  return {
    answer,
    sides,
    values: {
      one: floats(answer.one.values),
      other: floats(answer.other.values),
      difference: floats(answer.difference),
    },
    stacks: { one: stacksOf(answer.kind), other: stacksOf(answer.other_kind) },
    rows: found(answer.rows),
    columns: found(answer.columns),
  };
}

/**
 * Which attention of an encoder-decoder is compared.
 * @param {HTMLElement} place
 * @param {Sides} sides
 * @param {string} kind
 */
function showKinds(place, { main }, kind) {
  const kinds = main.attention_kinds.map((one) => /** @type {[string, string]} */ ([one.kind, kindName(one.kind)]));
  const bar = segmented({ label: _("Kind of attention"), choices: kinds, onSelect: (value) => set({ kind: value }) });
  bar.update(kind);
  place.replaceChildren(...(kinds.length > 1 ? [bar.element] : []));
}

// ---- words ----------------------------------------------------------------------------------------------------------

/** @param {HeadDistancesAnswer} answer */
function saidOfGrid({ distances }) {
  const most = mostDifferent(distances);
  if (!most) return [_("The two texts have no row in common, so no head can be compared.")];
  const count = distances.flat().filter((value) => value !== null).length;
  if (most.value === 0) {
    return [
      _n("The one head looks the same way on both sides.", "All {count} heads look the same way on both sides.", count),
    ];
  }
  const rest = _("looks most differently: on average {share} of its attention lies elsewhere.", {
    share: percent(most.value),
  });
  return [looked(headName(most)), ` ${rest}`];
}

/** @param {HeadDistancesAnswer} answer */
function noteOfGrid({ measured, rows }) {
  const definition = [
    _("Colour: how much of a row’s attention lies elsewhere, in the mean over the rows that correspond."),
    _("Total variation distance: ½ Σ |A − B| over the columns that correspond."),
  ].join(" ");
  const sample = _("Long text: measured on {measured} of {rows} rows, in runs spread evenly.", { measured, rows });
  return measured < rows ? `${definition} ${sample}` : definition;
}

/**
 * @param {HeadLikenessAnswer} answer
 * @param {Place} here
 * @param {Place | null} there
 * @param {{ key: string, title: string }[]} scores
 */
function saidOfScatter(answer, here, there, scores) {
  if (!there) return [_("Side B has no head to compare with.")];
  const near = nearestTo(answer, here);
  const isNear = near?.layer === there.layer && near.head === there.head;
  const [key] = axesOf(answer);
  const at = answer.measures.indexOf(key);
  const value = (
    /** @type {import("../../web/calls.d.ts").BehavingHead[]} */ list,
    /** @type {Place} */ { layer, head },
  ) => scoreText(list.find((one) => one.layer === layer && one.head === head)?.values[at] ?? null, key);
  const title = scores.find((score) => score.key === key)?.title ?? key;
  const both = _("{measure} {one} and {other}.", {
    measure: title,
    one: value(answer.heads, here),
    other: value(answer.others, there),
  });
  const names = [looked(`A ${headName(here)}`), looked(`B ${headName(there)}`)];
  const between = isNear ? _("behaves most like") : _("beside");
  return [names[0], ` ${between} `, names[1], `: ${both}`];
}

/**
 * @param {HeadLikenessAnswer} answer
 * @param {{ key: string, title: string }[]} scores
 */
function noteOfScatter({ counted, measures }, scores) {
  const titles = (/** @type {string[]} */ keys) =>
    keys.map((key) => scores.find((score) => score.key === key)?.title ?? key).join(", ");
  const rest = measures.filter((key) => !counted.includes(key));
  return [
    _("● A, □ B. Heads of two models have no common number."),
    _("Nearest: the smallest Euclidean distance in {measures}.", { measures: titles(counted) }),
    _("Each is counted in standard deviations over all heads of both models."),
    rest.length
      ? _("Not measured on both sides, or the same for all heads: {measures}.", { measures: titles(rest) })
      : "",
  ].join(" ");
}
