// The Tokens tab: the text as tiles or, where there are several lines or tokenizers, as rows with their price.
import { copy, find, h, onResize } from "../../web/dom.js";
import { headline } from "../../web/headline.js";
import { _ } from "../../web/language.js";
import { savable } from "../../web/saving/offer.js";
import { status } from "../../web/status.js";
import { set, state, subscribe } from "../../web/store.js";
import { fitTiles } from "../../web/tiles.js";
import { copied } from "./copied.js";
import { drawCounts } from "./counts.js";
import { follow } from "./cut.js";
import { details } from "./detail.js";
import { linesOf } from "./lines.js";
import { saved } from "./saved.js";
import { headlineOf } from "./sentences.js";
import { createStrip } from "./strip.js";
import { createTools } from "./tools.js";

/** @typedef {import("./cut.js").Cut} Cut */
/** @typedef {import("./strip.js").Item} Item */
/** @typedef {"source" | "target"} Stack */

const LARGE = [104, 88, 72, 64, 56, 50, 44, 40, 36, 32, 28, 24, 22, 20];
const ROWS = [56, 50, 44, 40, 36, 32, 28, 24, 22, 20, 18, 16];

/** @param {import("../../web/mount.js").View} view */
export function mount({ element, props }) {
  /** @type {Cut | null} */
  let cut = null;
  const picture = find(element, ".strip-picture");
  const detail = find(element, ".strip-detail");
  const stacks = { source: stackOf("source"), target: stackOf("target") };
  const tools = createTools(find(element, ".strip-tools"));
  /** @param {Stack} stack */
  function stackOf(stack) {
    const node = find(element, `[data-stack=${stack}]`);
    /** What is chosen where the tokens are not those of the run. */
    const local = { picked: -1 };
    const strip = createStrip(find(node, ".strip"), {
      tell,
      chosen: () => (cut?.source === "run" ? chosenIn(stack) : local.picked),
      pick(item, index) {
        local.picked = index;
        if (cut?.source === "run" && !item.part.isSecond) set({ token: { stack, position: positionOf(item) } });
        else mark();
        tell(item);
      },
    });
    return { node, strip, local };
  }

  /** @param {Item} item */
  const positionOf = ({ part, cell }) => part.row.first + cell.first;

  /**
   * The index of the cell that holds the page's chosen token, −1 for none.
   * @param {Stack} stack
   */
  function chosenIn(stack) {
    if (state.token?.stack !== stack) return -1;
    const { position } = state.token;
    return stacks[stack].strip.items.findIndex(
      (item) => !item.part.isSecond && positionOf(item) <= position && position < positionOf(item) + item.cell.count,
    );
  }

  /** @param {Item | null} item */
  function tell(item) {
    const hint = _("Point at a token, or move with the arrow keys, to see its number and what it spells.");
    if (!item) return detail.replaceChildren(h("p", { class: "note" }, hint));
    const { row, model } = item.part;
    return detail.replaceChildren(...details(row.tokens, item.cell, row.first, cut?.second ? model : ""));
  }

  function mark() {
    for (const { strip } of Object.values(stacks)) strip.list.update();
    const { strip, local } = stacks[state.token?.stack === "target" ? "target" : "source"];
    const index = cut?.source === "run" ? chosenIn(state.token?.stack ?? "source") : local.picked;
    tell(strip.items[index] ?? null);
  }

  function fit() {
    const rows = element.dataset.mode === "rows";
    const count = stacks.source.strip.items.length + stacks.target.strip.items.length;
    fitTiles(picture, rows ? ROWS : LARGE, count);
  }

  /** @param {Cut} news */
  function draw(news) {
    cut = news;
    const lines = linesOf(news, props.board);
    const hasTarget = news.target_tokens.length > 0;
    const rows = news.second !== null || lines.source.length > 1;
    element.dataset.mode = rows ? "rows" : "large";
    element.dataset.lines = lines.source.length === 1 ? "one" : "many";
    element.dataset.source = news.source;
    stacks.target.node.hidden = !hasTarget;
    find(stacks.source.node, ".strip-name").hidden = !hasTarget;
    for (const { local } of Object.values(stacks)) local.picked = -1;
    headline(element, headlineOf(news, props.board));
    tools.update(news);
    drawCounts(find(element, ".counts"), news);
    stacks.target.strip.draw(lines.target, { withBars: rows, done: fit });
    stacks.source.strip.draw(lines.source, {
      withBars: rows,
      done() {
        fit();
        mark();
        element.dataset.drawn = String(state.main?.run);
      },
    });
  }

  for (const button of element.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      if (!cut) return;
      const done = await copy(copied(cut, button.getAttribute("data-copy") ?? ""));
      status(element, done ? _("Copied.") : _("The browser did not allow copying."), "note");
    });
  }
  savable(element, () => cut && saved(cut, { name: _("Tokens"), parts: [find(element, ".second-legend"), picture] }));
  picture.addEventListener("pointerleave", mark);
  onResize(element, fit);
  follow(element, { props, secondStatus: tools.status, tell: draw });
  subscribe(element, () => (cut ? mark() : undefined), ["token"]);
}
