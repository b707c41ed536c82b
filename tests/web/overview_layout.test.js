import assert from "node:assert/strict";
import { test } from "node:test";
import { columns } from "../../explorer/features/overview/columns.js";
import { layout, path, rowsThatFit } from "../../explorer/features/overview/layout.js";
import { band } from "../../explorer/features/overview/outcome.js";
import { leadsFrom } from "../../explorer/features/overview/sentences.js";
import { spans, turns } from "../../explorer/features/overview/steps.js";

const DESK = { width: 1384, height: 600, text: 15 };
const PHONE = { width: 362, height: 500, text: 15 };

/** @param {number} source @param {number} target */
const texts = (source, target) => ({ tokens: Array(source).fill({}), target_tokens: Array(target).fill({}) });

/** @param {number} layers @param {number} heads */
const decoder = (layers, heads) =>
  /** @type {any} */ ({ kind: "decoder", attention_kinds: [{ kind: "self", layers, heads }], layers, ...texts(4, 0) });

const TRANSLATOR = /** @type {any} */ ({
  kind: "encoder-decoder",
  layers: 2,
  ...texts(4, 2),
  attention_kinds: ["encoder", "decoder", "cross"].map((kind) => ({ kind, layers: 2, heads: 2, heads_by_layer: [] })),
});

/** @param {number} count */
const rowsOf = (count) => Array.from({ length: count }, (_, row) => ({ first: row, last: row }));

/** @param {Partial<import("../../explorer/web/calls.d.ts").FlowAnswer>} parts @param {number[]} winners */
const answerOf = (parts, winners) =>
  /** @type {any} */ ({
    position: 3,
    source: null,
    rows: rowsOf(4),
    target_rows: [],
    looks: [],
    depths: winners.map((id) => ({ guesses: [{ id, text: "a", probability: 0.5 }], winner: 0.5 })),
    candidates: Array.from({ length: 8 }, (_, id) => ({ id, text: "a", probability: 0.1 })),
    masks: [],
    ...parts,
  });

test("each head has a lane while there is room, then a layer has one", () => {
  const wide = columns([{ kind: "self", layers: 6, heads: 4, heads_by_layer: [] }], 150, 1000);
  assert.deepEqual([wide.length, wide[0].lanes.length, wide[0].merged], [6, 4, false]);
  const deep = columns([{ kind: "self", layers: 32, heads: 32, heads_by_layer: [] }], 150, 1000);
  assert.deepEqual([deep.length, deep[0].lanes.length, deep[0].merged], [32, 1, true]);
  assert.ok(wide.every(({ left, right, lanes }) => lanes.every(({ x, end }) => left < x && x < end && end < right)));
});

test("an encoder-decoder's encoder stands before its decoder, which has lanes for both of its attentions", () => {
  const both = columns(TRANSLATOR.attention_kinds, 150, 1000);
  assert.deepEqual(
    both.map(({ stack, layer }) => `${stack} ${layer}`),
    ["source 0", "source 1", "target 0", "target 1"],
  );
  assert.deepEqual(
    both[2].lanes.map(({ kind }) => kind),
    ["decoder", "decoder", "cross", "cross"],
  );
  assert.ok(both[2].left > both[1].right);
});

test("a connection begins at the row that is looked at and ends on the followed row", () => {
  const looks = [{ kind: "self", layer: 1, head: 2, row: 1, weight: 0.5 }];
  const place = layout(decoder(2, 4), answerOf({ looks }, [1, 1, 1]), DESK);
  const [curve] = place.curves;
  assert.equal(curve.y, place.tiles[1].y);
  assert.ok(curve.path.endsWith(`${Math.round(place.streams[0].y * 10) / 10}`));
  assert.equal(curve.lane.head, 2);
  assert.equal(
    place.tiles.findIndex(({ followed }) => followed),
    3,
  );
});

test("where heads share a lane, the strongest look at a token stands for all", () => {
  const looks = [0.3, 0.6, 0.2].map((weight, head) => ({ kind: "self", layer: 0, head, row: 1, weight }));
  const place = layout(decoder(32, 32), answerOf({ looks }, [1]), DESK);
  assert.deepEqual(
    place.curves.map(({ look }) => look.weight),
    [0.6],
  );
});

test("a cross look begins in the source and ends on the target's row", () => {
  const looks = [{ kind: "cross", layer: 0, head: 1, row: 2, weight: 0.4 }];
  const parts = { looks, source: 1, position: 1, target_rows: rowsOf(2) };
  const place = layout(TRANSLATOR, answerOf(parts, [1, 1, 1]), DESK);
  assert.equal(place.curves[0].y, place.tiles.find(({ stack, row }) => stack === "source" && row === 2)?.y);
  assert.ok(place.curves[0].path.endsWith(` ${Math.round(place.streams[1].y * 10) / 10}`));
});

test("everything stays inside the room, and the rows asked for fit", () => {
  for (const [facts, room] of /** @type {const} */ ([
    [decoder(6, 4), DESK],
    [decoder(6, 4), { width: 1232, height: 418, text: 18 }],
    [decoder(32, 32), DESK],
  ])) {
    const rows = rowsThatFit(room, facts);
    const place = layout(facts, answerOf({ rows: rowsOf(rows), position: rows - 1 }, [1, 1, 1]), room);
    assert.ok(rows >= 12);
    assert.ok(place.height <= room.height, `${place.height} of ${room.height}`);
    assert.ok(place.tiles.every(({ y, height }) => y + height / 2 <= place.bottom + 1));
    assert.ok(place.bars.rows.every(({ y }) => y <= room.height));
  }
});

test("on a phone the guesses are a list under the picture and what a finger hits is 40 pixels high", () => {
  const place = layout(decoder(6, 4), answerOf({}, [0, 1, 2, 3, 4, 4, 4]), PHONE);
  assert.ok(place.phone && place.columns.every(({ merged }) => merged));
  assert.equal(place.tiles[1].y - place.tiles[0].y, 40);
  assert.ok(place.guesses.cells.every(({ height, x, width }) => height >= 40 && x + width <= PHONE.width));
  assert.ok(place.guesses.cells[0].y > place.bottom);
  assert.ok(place.bars.rows[0].y > place.guesses.bottom);
});

test("equal guesses of neighbouring depths share a cell where cells are narrow", () => {
  const winners = Array.from({ length: 33 }, (_, depth) => (depth < 20 ? 1 : 0));
  const { guesses } = layout(decoder(32, 32), answerOf({}, winners), DESK);
  assert.equal(guesses.cells.map(({ first, depth }) => `${first}-${depth}`).join(), "0-19,20-32");
});

test("a look at itself is a bow, the fan ends as thick as the share", () => {
  assert.match(path({ kind: "self", head: 0, x: 10, end: 20 }, 50, 50), /^M10 50C10 34 20 34 20 50$/);
  const edges = band({ x: 0, y: 100 }, { x: 80, y: 20 }, 20).match(/80\.0 (\d+\.\d)/g);
  assert.deepEqual(edges, ["80.0 10.0", "80.0 30.0"]);
});

test("who leads from where is read from the end backwards", () => {
  assert.equal(leadsFrom(answerOf({}, [0, 5, 0, 0])), 1);
  assert.equal(leadsFrom(answerOf({}, [0, 0])), -1);
  assert.equal(leadsFrom(answerOf({ unread: "why" }, [0])), null);
});

test("a deep model is played several layers at a time, and no step mixes encoder and decoder", () => {
  const deep = columns([{ kind: "self", layers: 32, heads: 2, heads_by_layer: [] }], 0, 1000);
  assert.equal(spans(deep).length, 8);
  assert.equal(spans(columns(TRANSLATOR.attention_kinds, 0, 500)).join(" "), "0,0 1,1 2,2 3,3");
  const long = columns(
    TRANSLATOR.attention_kinds.map((/** @type {any} */ kind) => ({ ...kind, layers: 6 })),
    0,
    500,
  );
  assert.ok(spans(long).every(([first, last]) => long[first].stack === long[last].stack));
});

test("a deep model is played by its changes of mind, the longest lead first where they are many", () => {
  const deep = columns(decoder(32, 2).attention_kinds, 0, 1000);
  const few = answerOf({}, [0, ...Array(10).fill(1), ...Array(20).fill(2), 3, 3]);
  assert.deepEqual(turns(deep, few), [
    [0, 9],
    [10, 29],
    [30, 31],
  ]);
  const many = answerOf({}, [0, ...Array.from({ length: 26 }, (_, layer) => layer), 50, 50, 50, 60, 60, 60]);
  const steps = turns(deep, many);
  assert.equal(steps.length, 8);
  assert.deepEqual(steps.slice(-2), [
    [26, 28],
    [29, 31],
  ]);
  assert.ok(steps.every(([first], place) => first === (place ? steps[place - 1][1] + 1 : 0)));
  assert.equal(turns(deep, answerOf({ unread: "why" }, [0])).length, 8);
});

test("of a deep model every guess cell has room for a word, and the cells tell all depths", () => {
  const winners = [...Array.from({ length: 27 }, (_, depth) => depth % 5), ...Array(4).fill(7), 8, 9];
  const { guesses } = layout(decoder(32, 32), answerOf({}, winners), DESK);
  const room = 4 * layout(decoder(32, 32), answerOf({}, winners), DESK).label;
  assert.ok(guesses.cells.every(({ width }) => width >= room));
  assert.deepEqual([guesses.cells[0].first, guesses.cells.at(-1)?.depth], [0, 32]);
  const steps = guesses.cells.slice(1).map(({ first }, place) => first - guesses.cells[place].depth);
  assert.ok(steps.every((step) => step === 1));
  assert.equal(guesses.cells.at(-1)?.count, 2);
});

test("the tokens of a short text come before the heads over merged layers; a long text folds and keeps them", () => {
  const low = { ...DESK, height: 420 };
  const board = (/** @type {number} */ tokens) => {
    const facts = { ...decoder(32, 32), ...texts(tokens, 0) };
    const answer = answerOf({ rows: rowsOf(4) }, Array(33).fill(1));
    return { board: layout(facts, answer, low).board, rows: rowsThatFit(low, facts) };
  };
  assert.equal(board(12).board, 0);
  assert.ok(board(12).rows >= 12);
  assert.ok(board(200).board > 0);
});

test("on a phone a text is folded only if it is long, for the page scrolls", () => {
  const fitting = (/** @type {number} */ tokens) => rowsThatFit(PHONE, { ...decoder(6, 4), ...texts(tokens, 0) });
  assert.deepEqual([fitting(16), fitting(18), fitting(19)], [18, 18, 13]);
});
