// The three maps of two heads: A, B, and A − B on one scale each, with the chosen row and the cell walked to.
import { diverging, gradient, indexOf, sequential } from "../../web/colour.js";
import { find, h, onResize, onTheme } from "../../web/dom.js";
import { _ } from "../../web/language.js";
import { sideLetter } from "../../web/sides.js";
import { set, state } from "../../web/store.js";
import { tokensOf } from "./asked.js";
import { nameOf, unitsOf } from "./axes.js";
import { cellBeside, cellOf, points, positionAt, readout } from "./compare_cells.js";
import { cellUnder, drawMap, matchedCells } from "./compare_map.js";
import { headName } from "./compare_scatter.js";
import { moved } from "./heatmap_cells.js";
import { endsOf, shareOf, topOf } from "./scale.js";

/** @typedef {import("./compare_cells.js").Pair} Pair */
/** @typedef {import("./compare_scatter.js").Place} Place */
/** @typedef {import("./heatmap_marks.js").Cell} Cell */
/** @typedef {import("./tiles_layout.js").Tiles} Tiles */
/** @typedef {"one" | "other" | "difference"} Name */
/** @typedef {{ pair: Pair, here: Place, there: Place }} Scene */

const NAMES = /** @type {const} */ (["one", "other", "difference"]);

/** @param {HTMLElement} element */
export function createMaps(element) {
  const stage = find(element, ".att-stage");
  const figures = Object.fromEntries(NAMES.map((name) => [name, find(element, `[data-map="${name}"]`)]));
  /** @type {Scene | null} */
  let scene = null;
  /** @type {Record<string, Tiles>} */
  let layouts = {};
  let column = -1; // walked to, in cells of side A

  function draw() {
    if (!scene || !stage.clientWidth) return;
    const now = scene;
    const chosen = { row: rowOf(now.pair), column };
    layouts = Object.fromEntries(NAMES.map((name) => [name, drawMap(figures[name], shownOf(now.pair, name, chosen))]));
    describe(element, now);
    find(element, ".att-readout").textContent = readout(now.pair, chosen);
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  }

  /** @type {(name: Name, event: MouseEvent) => Cell | null} */
  function under(name, event) {
    if (!scene || !layouts[name]) return null;
    const { one, other } = scene.pair.answer;
    const cell = cellUnder(find(figures[name], ".att-place"), layouts[name], name === "other" ? other : one, event);
    return cell && name === "other" ? ofA(scene.pair, cell) : cell;
  }

  for (const name of NAMES) {
    const place = find(figures[name], ".att-place");
    place.addEventListener("pointermove", (event) => {
      const cell = under(name, event);
      if (cell && scene) find(element, ".att-readout").textContent = readout(scene.pair, cell);
    });
    place.addEventListener("pointerleave", draw);
    place.addEventListener("click", (event) => {
      const cell = under(name, event);
      if (!cell || !scene) return;
      column = cell.column;
      choose(scene.pair, cell.row);
      draw();
    });
    onResize(place, draw);
  }
  stage.addEventListener("keydown", (event) => {
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const { one } = scene.pair.answer;
    const to = moved(one, { row: rowOf(scene.pair), column: Math.max(0, column) }, event.key);
    if (event.key === "Escape") column = -1;
    else if (to) {
      if (to.row === rowOf(scene.pair)) ({ column } = column < 0 ? { column: to.column && 0 } : to);
      choose(scene.pair, to.row);
    } else return;
    event.preventDefault();
    draw();
  });
  onTheme(element, draw);

  return {
    /** @param {Scene | null} next */
    show(next) {
      const isOther = next?.pair.sides !== scene?.pair.sides;
      if (isOther) column = -1;
      scene = next;
      stage.hidden = !next;
      find(element, ".att-key").hidden = !next;
      draw();
    },
    draw,
    parts: () => [stage, ...element.querySelectorAll(".att-key .heatmap-legend")],
  };
}

/**
 * The drawn row of the chosen token, else the last that has a counterpart.
 * @param {Pair} pair
 */
function rowOf({ answer, stacks, rows }) {
  const { token } = state;
  if (token?.stack === stacks.one.row) return cellOf(answer.one.rows, token.position);
  const last = Math.max(...rows.keys());
  return Number.isFinite(last) ? cellOf(answer.one.rows, last) : answer.one.rows.drawn - 1;
}

/**
 * Chooses the token of a row of side A.
 * @param {Pair} pair
 * @param {number} row
 */
const choose = ({ answer, stacks }, row) =>
  set({ token: { stack: stacks.one.row, position: positionAt(answer.one.rows, row) } });

/**
 * A cell of side B's map as the cell of side A's that it stands for; null where its row has no counterpart.
 * @param {Pair} pair
 * @param {Cell} cell
 * @returns {Cell | null}
 */
function ofA({ answer, rows, columns }, cell) {
  const turned = (/** @type {Map<number, number>} */ found) =>
    new Map([...found].map(([here, there]) => [there, here]));
  const row = cellBeside(turned(rows), answer.other.rows, answer.one.rows, cell.row);
  const column = cellBeside(turned(columns), answer.other.columns, answer.one.columns, cell.column);
  return row < 0 ? null : { row, column };
}

/**
 * @param {Pair} pair
 * @param {Name} name
 * @param {Cell} chosen  of side A's picture
 * @returns {import("./compare_map.js").Shown}
 */
function shownOf({ answer, sides, values, stacks, rows, columns }, name, chosen) {
  const isB = name === "other";
  const { rows: rowAxis, columns: columnAxis } = isB ? answer.other : answer.one;
  const [run, stack] = isB ? [sides.other, stacks.other] : [sides.main, stacks.one];
  const named = (/** @type {import("./axes.js").Axis} */ axis, /** @type {import("./asked.js").Stack} */ of) =>
    Array.from({ length: axis.drawn }, (_cell, cell) => nameOf(axis, tokensOf(run, of), ...unitsOf(axis, cell)));
  const matched = (/** @type {Map<number, number>} */ found) => [...(isB ? found.values() : found.keys())];
  const peak = topOf(Math.max(answer.one.peak, answer.other.peak));
  const isDifference = name === "difference";
  return {
    values: values[name],
    rows: rowAxis,
    columns: columnAxis,
    rowNames: named(rowAxis, stack.row),
    columnNames: named(columnAxis, stack.column),
    rowMatched: matchedCells(rowAxis, matched(rows)),
    columnMatched: matchedCells(columnAxis, matched(columns)),
    covers: isDifference,
    placeOf: isDifference
      ? (value) => indexOf(0.5 + (answer.peak ? value / answer.peak / 2 : 0))
      : (value) => indexOf(shareOf(value, peak, state.attention_scale)),
    flat: (isDifference ? diverging : sequential).flat,
    chosen: isB
      ? {
          row: cellBeside(rows, answer.one.rows, rowAxis, chosen.row),
          column: cellBeside(columns, answer.one.columns, columnAxis, chosen.column),
        }
      : chosen,
  };
}

/**
 * Captions, the two legends, and how many tokens correspond.
 * @param {HTMLElement} element
 * @param {Scene} scene
 */
function describe(element, { pair, here, there }) {
  const { answer } = pair;
  const text = (/** @type {string} */ selector, /** @type {string} */ said) => {
    find(element, selector).textContent = said;
  };
  const caption = (/** @type {Name} */ name, /** @type {(Node | string)[]} */ ...parts) =>
    find(element, `[data-map="${name}"] > figcaption`).replaceChildren(...parts);
  caption("one", sideLetter("A"), h("span", null, headName(here)));
  caption("other", sideLetter("B"), h("span", null, headName(there)));
  caption("difference", sideLetter("A"), "−", sideLetter("B"), h("span", null, _("difference")));
  const [low, high] = endsOf(Math.max(answer.one.peak, answer.other.peak), state.attention_scale, "share");
  text(".att-low", low);
  text(".att-high", high);
  find(element, ".att-bar").style.background = gradient();
  text(".att-less", _("{points} points, more in B", { points: points(-answer.peak) }));
  text(".att-more", _("{points} points, more in A", { points: points(answer.peak) }));
  find(element, ".att-difference-bar").style.background = gradient(diverging);
  text(".att-note", noteOf(pair));
}

/** @param {Pair} pair */
function noteOf({ answer, rows, columns }) {
  const { one, other } = answer;
  const counts = { rows: rows.size, ofRows: one.rows.count, columns: columns.size, ofColumns: one.columns.count };
  const all = rows.size === one.rows.count && columns.size === one.columns.count;
  const whole = all && rows.size === other.rows.count && columns.size === other.columns.count;
  const beside = { rows: other.rows.count - rows.size, columns: other.columns.count - columns.size };
  return [
    whole
      ? _("All rows and columns correspond.")
      : _(
          "{rows} of A’s {ofRows} rows and {columns} of its {ofColumns} columns correspond; the rest is hatched.",
          counts,
        ),
    !whole && (beside.rows || beside.columns) ? _("B has {rows} rows and {columns} columns more.", beside) : "",
    answer.peak === 0 && rows.size ? _("This head looks the same way on both sides.") : "",
    state.attention_reading !== "weights" || state.attention_words
      ? _("Both sides are shown by their weights, token by token.")
      : "",
    one.exact
      ? ""
      : _("Each cell is the largest of {rows} × {columns}.", { rows: one.rows.step, columns: one.columns.step }),
  ]
    .filter(Boolean)
    .join(" ");
}
