// What can be pointed at, clicked and reached by keys: clear buttons over the drawn picture, each with a name.
import { closest, h } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { firstStop, nextIndex } from "../../web/roving.js";
import { headTitle } from "../../web/shelf.js";
import { ofHead, ofPart } from "../../web/suggested_changes.js";
import { laneKey } from "./column_drawing.js";
import { addsWords, attentionValue, forwardValue } from "./counts.js";
import { depthName, guessName, outcomeOf, seenName, tileName } from "./sentences.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Box} Box */
/** @typedef {import("./sentences.js").Shown} Shown */
/** @typedef {import("../../web/without_head.js").Head} Head */
/**
 * @typedef {object} Hit
 * @property {string} key  the same part has the same key after a redraw
 * @property {string} name
 * @property {Box} box
 * @property {() => void} act
 * @property {string} [lane]  the lane that lights up
 * @property {Head} [head]  whose absence can be measured
 * @property {boolean} [pressed]
 * @property {boolean} [isTold]  whether its name is said beside it
 * @property {import("../../web/change_here.js").Offer} [offer]  how it can be changed
 */
/** @typedef {{ name: string, orientation: "row" | "column", hits: Hit[] }} Group */
/**
 * @typedef {object} Acts
 * @property {(tile: Layout["tiles"][number]) => void} tile
 * @property {(head: Head) => void} head
 * @property {(layer: number) => void} forward
 * @property {(depth: number) => void} depth
 * @property {() => void} bar
 * @property {() => void} winner  the likeliest token at the end
 */

/**
 * The parts of the picture in reading order: tokens, heads, guesses, bars.
 * @param {Layout} place
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {Group[]}
 */
export function groupsOf(place, shown, acts) {
  const lanes = place.columns.flatMap((column, index) =>
    column.lanes.map((_lane, at) => laneHit(index, at, place, shown, acts)),
  );
  return [
    { name: _("Tokens"), orientation: "column", hits: place.tiles.map((tile) => tileHit(tile, place, shown, acts)) },
    { name: _("Heads"), orientation: "row", hits: lanes.flatMap((hit) => hit ?? []) },
    { name: _("Feed-forward parts"), orientation: "row", hits: forwardHits(place, shown, acts) },
    { name: _("What it would say at each depth"), orientation: "row", hits: guessHits(place, shown, acts) },
    { name: _("Likeliest tokens"), orientation: "column", hits: barHits(place, shown, acts) },
  ];
}

/**
 * @param {Layout["tiles"][number]} tile
 * @param {Layout} place
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {Hit}
 */
function tileHit(tile, place, shown, acts) {
  const many = tile.last - tile.first + 1;
  const values = { token: tileName(shown, tile), number: tile.first + 1 };
  const name =
    many > 1 ? _n("{count} token: show it", "{count} tokens: show them", many) : _("“{token}”, token {number}", values);
  const height = place.phone ? Math.max(40, tile.height) : tile.height;
  const box = { x: 0, y: tile.y - height / 2, width: tile.width, height };
  const pressed = many > 1 ? undefined : tile.followed;
  return { key: `tile ${tile.stack} ${tile.first}`, name, box, pressed, act: () => acts.tile(tile) };
}

/**
 * A head's column from its number down to the line; without a connection drawn in it there is nothing to open.
 * @param {number} index
 * @param {number} at
 * @param {Layout} place
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {Hit | null}
 */
function laneHit(index, at, place, shown, acts) {
  const column = place.columns[index];
  const lane = column.lanes[at];
  const mine = place.curves.filter((curve) => curve.column === index && curve.lane === lane).reverse();
  if (!mine.length) return null;
  const [{ look }] = mine;
  const [left, right] = laneEdges(column, at);
  const seen = mine.slice(0, 3).map((curve) => `“${seenName(shown, curve.look)}” ${percent(curve.look.weight)}`);
  const values = { head: headTitle(look), seen: seen.join(", ") };
  const looks =
    lane.head === null
      ? _("Strongest here is head {head}: looks at {seen}", values)
      : _("Head {head} looks at {seen}", values);
  const added = shown.counts ? attentionValue(shown.counts, look) : null;
  const name = [looks, addsWords(shown.counts, added)].filter(Boolean).join("; ");
  const top = place.groups + (lane.head === null ? 0 : place.label + 4);
  const box = { x: left, y: top, width: right - left, height: place.bottom - top };
  const head = { kind: look.kind, layer: look.layer, head: look.head };
  return {
    key: `lane ${index} ${at}`,
    name,
    box,
    head,
    lane: laneKey(look.kind, look.layer, lane.head),
    act: () => acts.head(head),
    offer: {
      title: _("Head {head}", { head: headTitle(look) }),
      changes: [...ofHead(head), ...ofPart({ ...head, part: "attention" }).slice(0, 1)],
    },
  };
}

/**
 * The feed-forward parts of the stack that writes, where they have a mark.
 * @param {Layout} place
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {Hit[]}
 */
function forwardHits({ columns, streams, phone }, shown, acts) {
  const { stack, y } = streams[streams.length - 1];
  const own = phone ? [] : columns.filter((column) => column.stack === stack && column.right - column.left > 20);
  return own.map(({ layer, right }) => {
    const added = addsWords(shown.counts, shown.counts && forwardValue(shown.counts, layer));
    const called = _("Feed-forward part of layer {layer}", { layer: String(layer) });
    return {
      key: `forward ${layer}`,
      name: [called, added || _("open in Why")].join(": "),
      box: { x: right - 24, y: y - 15, width: 18, height: 30 },
      isTold: true,
      act: () => acts.forward(layer),
      offer: { title: called, changes: ofPart({ layer, part: "feed_forward" }) },
    };
  });
}

/**
 * @param {Layout["columns"][number]} column
 * @param {number} at
 */
function laneEdges({ lanes, left, right, merged }, at) {
  if (merged) return [0, 1].map((side) => left + ((at + side) / lanes.length) * (right - left));
  const pitch = lanes.length > 1 ? lanes[1].x - lanes[0].x : right - left;
  return [lanes[at].x - pitch * 0.4, lanes[at].x + pitch * 0.6];
}

/**
 * @param {Layout} place
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {Hit[]}
 */
function guessHits({ guesses }, shown, acts) {
  return guesses.cells.map(({ depth, first, ...box }) => {
    const [best] = shown.answer.depths[depth].guesses;
    const layer = depthName(depth, shown);
    const values = { word: guessName(best), share: percent(best.probability), layer };
    const name =
      layer === "–"
        ? _("Before layer 0 it would say “{word}”: {share}", values)
        : _("After layer {layer} it would say “{word}”: {share}", values);
    const pressed = shown.depth >= first && shown.depth <= depth;
    return { key: `guess ${depth}`, name, box, pressed, act: () => acts.depth(pressed ? -1 : depth) };
  });
}

/**
 * @param {Layout} place
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {Hit[]}
 */
function barHits({ bars, width }, shown, acts) {
  return outcomeOf(shown).map(({ rank, name, probability }) => {
    const box = { x: bars.left, y: bars.rows[rank].y - bars.pitch / 2, width: width - bars.left, height: bars.pitch };
    const values = { word: name, share: percent(probability) };
    const isWinner = rank === 0 && shown.depth < 0;
    const said = isWinner
      ? _("“{word}” {share}: why this token?", values)
      : _("“{word}” {share}: open in Completion", values);
    return { key: `bar ${rank}`, name: said, box, act: isWinner ? acts.winner : acts.bar };
  });
}

/**
 * Lays the buttons over the picture, one tab stop for each group; who had the focus keeps it.
 * @param {HTMLElement} root
 * @param {Group[]} groups
 */
export function layHits(root, groups) {
  const focused = document.activeElement instanceof HTMLElement && root.contains(document.activeElement);
  const key = focused ? /** @type {HTMLElement} */ (document.activeElement).dataset.key : undefined;
  root.replaceChildren(...groups.filter(({ hits }) => hits.length).map(groupNode));
  if (key) for (const button of root.querySelectorAll("button")) if (button.dataset.key === key) button.focus();
}

/** @param {Group} group */
function groupNode({ name, orientation, hits }) {
  const stop = firstStop(
    hits.findIndex(({ pressed }) => pressed),
    0,
    hits.length,
  );
  const buttons = hits.map((hit, index) => {
    const { x, y, width, height } = hit.box;
    const style = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
    const said = { "aria-label": hit.name, "aria-pressed": hit.pressed };
    const data = { "data-key": hit.key, "data-lane": hit.lane };
    return h("button", { class: "hit", tabindex: index === stop ? 0 : -1, style, onclick: hit.act, ...said, ...data });
  });
  const node = h("div", { role: "group", "aria-label": name }, ...buttons);
  node.addEventListener("keydown", (event) => move(event, buttons, orientation));
  return node;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLButtonElement[]} buttons
 * @param {"row" | "column"} orientation
 */
function move(event, buttons, orientation) {
  const button = closest(event, ".hit");
  const index = button instanceof HTMLButtonElement ? buttons.indexOf(button) : -1;
  const to = nextIndex({ key: event.key, index, count: buttons.length, orientation });
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[index].tabIndex = -1;
  buttons[to].tabIndex = 0;
  buttons[to].focus();
}

/**
 * The hit of a button.
 * @param {Group[]} groups
 * @param {Event} event
 */
export function hitOf(groups, event) {
  const key = closest(event, ".hit")?.dataset.key;
  return key === undefined ? null : (groups.flatMap(({ hits }) => hits).find((hit) => hit.key === key) ?? null);
}
