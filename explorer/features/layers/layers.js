// What the model would say at every depth and position, through a lens: one grid, one cell of it in full.

import { saying } from "../../web/colour.js";
import { find, h, onResize } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { segmented } from "../../web/segmented.js";
import { stream } from "../../web/server.js";
import { status } from "../../web/status.js";
import { legend } from "../../web/steps.js";
import { runOf, set, state, subscribe } from "../../web/store.js";
import { goTo, hasTab } from "../../web/tabs.js";
import { drawGrid, handsOn, markCell, rowsOf } from "./grid.js";
import { patching } from "./patching.js";
import { saved } from "./saved.js";
import { createSide } from "./side.js";
import { axisOf, headlineOf, lensNames, MEASURES, measureNames, settled } from "./words.js";

/** @typedef {import("../../web/calls.d.ts").GridAnswer} GridAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("./grid.js").Place} Place */

const ROW = 30; // pixels that a row takes at least
const LARGE_ROW = 36;

/** @param {RunFacts} run */
const readBy = (run) => (run.target_tokens.length ? run.target_tokens : run.tokens);

/**
 * @param {RunFacts} run
 * @returns {"source" | "target"}
 */
const stackOf = (run) => (run.target_tokens.length ? "target" : "source");

/**
 * The lens to look through: DecoderLens only where there is an encoder and a decoder.
 * @param {RunFacts | null} run
 */
const lensOf = (run) => (state.lens === "decoder" && run?.kind !== "encoder-decoder" ? "logit" : state.lens);

/**
 * The pixels that rows may take; on a phone the grid scrolls in a part of the screen.
 * @param {HTMLElement} element
 */
function heightFor(element) {
  if (matchMedia("(max-width: 760px)").matches) return 0.55 * innerHeight;
  return Math.max(200, element.clientHeight - find(element, ".layers-tools").clientHeight - 40);
}

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  const root = find(element, ".layers-grid");
  const scroll = find(element, ".layers-scroll");
  const axis = find(element, ".layers-axis");
  const work = stream(element, "layers_grid");
  const side = createSide(element, (depth) => choose({ depth, position: chosen()?.position ?? 0 }));
  /** @type {GridAnswer | null} */
  let grid = null;
  /** @type {RunFacts | null} */
  let run = null;
  /** @type {number[]} */
  let depths = [];

  const lens = segmented({
    label: _("Lens"),
    choices: /** @type {[typeof state.lens, string][]} */ (lensNames()),
    onSelect: (value) => set({ lens: value, lens_depth: -1 }),
  });
  const by = segmented({
    label: _("Colour cells by"),
    choices: measureNames(),
    onSelect: (value) => set({ lens_by: value }),
  });
  const flags = /** @type {const} */ ([
    ["lens_only_words", _("Only words")],
    ["lens_down", _("Depth downwards")],
    ["lens_every", _("Every depth")],
  ]).map(([key, name]) => {
    const node = h("button", { class: "action", onclick: () => set({ [key]: !state[key] }) }, name);
    return { key, node };
  });
  find(element, ".layers-lens").append(lens.element);
  find(element, ".layers-by").append(by.element);
  const toOverview = h("button", { class: "action" }, _("Show on the Overview"));
  find(element, ".layers-flags").append(...flags.map(({ node }) => node), toOverview);
  toOverview.addEventListener("click", () => {
    set({ overview_counts: true, overview_depth: -1, why_token: "", why_against: "" });
    goTo("overview");
  });

  /** The cell that is chosen on the page: its token, and the depth after its layer; at first where the answer leads. */
  function chosen() {
    if (!grid || !run) return null;
    const last = grid.rank.length - 1;
    const mine = state.token?.stack === stackOf(run) ? state.token.position : null;
    const position = Math.min(mine ?? grid.start, readBy(run).length - 1);
    const own = state.lens_depth >= 0 ? state.lens_depth : null;
    const layer = grid.lens !== "decoder" && mine !== null ? state.layer + 1 : null;
    return { position, depth: Math.min(last, own ?? layer ?? settled(grid, position)) };
  }

  /** @param {Place} place */
  function choose({ depth, position }) {
    if (!run || !grid) return;
    const isLayer = depth > 0 && grid.lens !== "decoder";
    const layer = isLayer ? { layer: depth - 1, lens_depth: -1 } : { lens_depth: depth };
    set({ token: { stack: stackOf(run), position }, ...layer });
  }

  function draw() {
    if (!grid || !run) return;
    legend(element, MEASURES[state.lens_by], saying); // first, for it may take a line
    const place = chosen();
    const row = document.documentElement.classList.contains("large-type") ? LARGE_ROW : ROW;
    const space = heightFor(element);
    const fit = state.lens_every ? Infinity : Math.floor(space / (row + 2)) - 1;
    const found = rowsOf(grid.rank.length, fit, place ? [place.depth] : []);
    depths = found.depths;
    const high = Math.max(row, Math.min(72, Math.floor(space / (depths.length + 1)) - 2));
    root.style.setProperty("--layers-row", `${high}px`);
    drawGrid(root, {
      ...{ grid, tokens: readBy(run), depths, by: state.lens_by },
      ...{ onlyWords: state.lens_only_words, down: state.lens_down },
    });
    const every = _("Every {count}th depth is shown.", { count: found.every });
    const thinned = found.every > 1 ? ` ${every}` : "";
    axis.textContent = axisOf(grid, run.kind === "encoder") + thinned;
    toOverview.hidden = !hasTab("overview");
    flags[2].node.hidden = !state.lens_every && found.every === 1;
    mark(true);
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @param {boolean} [reveal] whether the chosen cell is brought into sight */
  async function mark(reveal = false) {
    const place = chosen();
    const cell = markCell(root, place);
    if (!grid || !run || !place) return;
    if (reveal) show(cell);
    headline(element, ...headlineOf(grid, place.position));
    await side.show(place, readBy(run)[place.position], grid.lens);
  }

  /** @param {HTMLElement | null} cell */
  function show(cell) {
    if (!cell) return;
    const [box, inside] = [scroll.getBoundingClientRect(), cell.getBoundingClientRect()];
    if (inside.left < box.left + 60 || inside.right > box.right - 100)
      scroll.scrollLeft += inside.left - box.left - box.width / 2;
    if (inside.top < box.top || inside.bottom > box.bottom - 40)
      scroll.scrollTop += inside.top - box.top - box.height / 2;
  }

  /** @param {RunFacts} facts */
  async function read(facts) {
    if (facts !== run) wipe();
    run = facts;
    lens.element.querySelectorAll("button").forEach((button, index) => {
      button.hidden = lensNames()[index][0] === "decoder" && facts.kind !== "encoder-decoder";
    });
    const message = work.start({ run: "main", lens: lensOf(facts) }, ({ done, of, grid: told }) => {
      if (done !== undefined) status(element, _("Reading position {done} of {all}…", { done, all: of ?? done }));
      if (!told) return;
      status(element, null);
      grid = told;
      draw();
    });
    await message.catch((error) => {
      wipe();
      throw error;
    });
  }

  function wipe() {
    grid = null;
    root.replaceChildren();
    axis.textContent = "";
    side.hide();
    legend(element, null);
    headline(element);
  }

  handsOn(root, {
    depths: () => depths,
    down: () => state.lens_down,
    columns: () => (run ? readBy(run).length : 0),
    choose,
  });
  patching(root, {
    run: () => run,
    at: ({ depth, position }) => {
      if (!grid || !run || grid.lens === "decoder") return null;
      return { best: grid.entries[grid.best[depth][position]], token: readBy(run)[position] };
    },
    isMain: (props.run ?? "main") === "main",
  });
  savable(element, () => {
    if (!grid || !run) return null;
    const parts = [find(element, ".stream-legend"), root];
    return saved(grid, readBy(run), { parts, by: state.lens_by });
  });
  onResize(element, draw);
  subscribe(
    element,
    async (_state, changed) => {
      lens.update(lensOf(runOf(props)));
      by.update(state.lens_by);
      for (const { key, node } of flags) node.setAttribute("aria-pressed", String(state[key]));
      const facts = runOf(props);
      if (!facts) return;
      if (changed.includes("layer") && state.lens_depth >= 0 && !changed.includes("lens_depth"))
        set({ lens_depth: -1 });
      if (facts !== run || changed.includes("lens")) await read(facts);
      else if (changed.some((key) => key.startsWith("lens_") && !["lens_depth", "lens_words"].includes(key))) draw();
      else await mark(true);
    },
    [
      "main",
      "lens",
      "lens_by",
      "lens_only_words",
      "lens_down",
      "lens_every",
      "lens_depth",
      "lens_words",
      "token",
      "layer",
    ],
  );
}
