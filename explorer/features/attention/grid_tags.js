// What some heads of the grid are known for: the interesting ones, found for this model and text, carry their name.
import { find } from "../../web/dom.js";
import { cardTitle } from "../../web/shelf.js";
import { state } from "../../web/store.js";
import { shownRun } from "./asked.js";

/** @typedef {import("./head_grid.js").Grid} Grid */

/** @param {Grid} grid */
export async function showTags(grid) {
  const { name } = shownRun(grid.props);
  const { cards } = await grid.ask("interesting_heads", { run: name, kind: state.kind });
  for (const cell of grid.cells) find(cell, ".grid-tag").textContent = "";
  for (const card of cards) {
    const cell = grid.cells[card.layer * grid.shape.heads + card.head];
    if (cell) find(cell, ".grid-tag").textContent = cardTitle(card);
  }
}
