import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axes,
  between,
  panned,
  project,
  turned,
  unit,
  viewAround,
  viewOf,
  wholeView,
  zoomed,
} from "../../explorer/web/map/camera.js";
import { dragged, keyed, pinched, wheelFactor } from "../../explorer/web/map/interaction.js";
import { overlap, placed, roomy } from "../../explorer/web/map/labels.js";
import { blend as blended, dotOf, packed, paint, radiusOf } from "../../explorer/web/map/painter.js";
import { closest, screenOf, shapeOf, within } from "../../explorer/web/map/picking.js";
import { svgOf } from "../../explorer/web/map/picture.js";
import { contentOf, emptyState, FULL, measured, placeOf } from "../../explorer/web/map/state.js";
import { eased, journeyTo, placesAt } from "../../explorer/web/map/travel.js";

/** @typedef {import("../../explorer/web/map/state.js").MapState} MapState */

/**
 * A map of 400 × 300 pixels with these points, projected.
 * @param {number[][]} points
 * @param {Partial<MapState>} [more]
 * @returns {MapState}
 */
function mapOf(points, more = {}) {
  const dimensions = points[0].length === 3 ? 3 : 2;
  const content = contentOf(Uint16Array.from(points.flat()), dimensions);
  const state = { ...emptyState(), ...content, width: 400, height: 300 };
  return projected({ ...state, view: wholeView(state), ...more });
}

/** @param {MapState} state */
function projected(state) {
  project(state);
  return state;
}

/** @type {(found: readonly number[], expected: readonly number[], tolerance?: number) => void} */
function assertNear(found, expected, tolerance = 0.01) {
  assert.equal(found.length, expected.length);
  for (const [place, value] of expected.entries()) {
    assert.ok(Math.abs(found[place] - value) <= tolerance, `${found} is not near ${expected}`);
  }
}

/** @type {(left: number, right: number) => number} */
const blend = (left, right) => blended(left, right) >>> 0;

/** @type {(state: MapState, outline: [number, number][]) => number[]} */
const surrounded = (state, outline) => within(state, shapeOf(state, outline));

const MIDDLE = FULL / 2;
const CORNERS = [
  [0, 0],
  [FULL, 0],
  [FULL, FULL],
  [0, FULL],
];

test("the whole map fits the screen with a margin, upwards is up, and the middle is in the middle", () => {
  const state = mapOf([...CORNERS, [MIDDLE, MIDDLE]]);
  assertNear(placeOf(state, 0), [200 - 90, 150 + 90]); // 300 pixels less two margins of 60 are 180
  assertNear(placeOf(state, 2), [200 + 90, 150 - 90]);
  assertNear(placeOf(state, 4), [200, 150], 0.1);
  assert.deepEqual(within(state, shapeOf(state, screenOf(state))), [0, 1, 2, 3, 4]);
});

test("points that fill a part of the square fill the screen all the same", () => {
  const { extent } = measured(Uint16Array.of(MIDDLE - 1000, MIDDLE, MIDDLE + 5000, MIDDLE), 2);
  assertNear(extent, [10_000, FULL / 20], 2);
});

test("in three dimensions the middle is the mean, and a point far out does not shrink the rest", () => {
  const cloud = Array.from({ length: 99 }, (_, index) => [30_000 + (index % 3), 30_000, 30_000]);
  const { middle, extent } = measured(Uint16Array.from([...cloud, [65_000, 30_000, 30_000]].flat()), 3);
  assertNear(middle, [30_351, 30_000, 30_000], 1);
  assert.equal(extent[0], FULL / 20);
});

test("zooming keeps what is under the pointer under the pointer", () => {
  const spot = { x: 320, y: 90 };
  for (const points of [CORNERS, CORNERS.map(([x, y]) => [x, y, 100])]) {
    const state = mapOf(points);
    const before = placeOf(state, 1);
    const after = projected({ ...state, view: zoomed(state, 3, { x: before[0], y: before[1] }) });
    assertNear(placeOf(after, 1), before);
    assert.equal(after.view.zoom, 3);
    assert.notDeepEqual(zoomed(state, 3, spot), zoomed(state, 3));
  }
});

test("zoom has its limits", () => {
  const state = mapOf(CORNERS);
  assert.equal(zoomed(state, 1e9).zoom, 400);
  assert.equal(zoomed(state, 1e-9).zoom, 0.5);
});

test("the map follows the hand that drags it", () => {
  const state = mapOf(CORNERS);
  const after = projected({ ...mapOf(CORNERS), view: panned(state, 25, -40) });
  const [x, y] = placeOf(state, 0);
  assertNear(placeOf(after, 0), [x + 25, y - 40]);
});

test("the axes of a turned map stay at right angles and of length one", () => {
  const view = { x: 0, y: 0, z: 0, zoom: 1, yaw: 2.1, pitch: -0.7 };
  const found = axes({ view, dimensions: 3 });
  for (const [place, one] of found.entries()) {
    for (const [index, other] of found.entries()) {
      const product = one.reduce((sum, value, axis) => sum + value * other[axis], 0);
      assertNear([product], [place === index ? 1 : 0], 1e-9);
    }
  }
});

test("turning moves points around the middle, nearer ones against farther ones, and stops before upside down", () => {
  const ends = [
    [20_000, 30_000, 30_000],
    [40_000, 30_000, 30_000],
  ];
  const state = mapOf(ends, { view: { x: 30_000, y: 30_000, z: 30_000, zoom: 1, yaw: 0, pitch: 0 } });
  const quarter = projected({ ...mapOf(ends), view: turned(state.view, (160 * Math.PI) / 2, 0) });
  assert.ok(placeOf(state, 1)[0] > 260);
  assertNear(placeOf(quarter, 0), [200, 150], 0.5);
  assert.ok(quarter.near[0] * quarter.near[1] < 0);
  assert.equal(turned(state.view, 0, 1e6).pitch, 1.55);
});

test("points travel from where they were to where they will be, also out of a flat map into a deep one", () => {
  const flat = mapOf([
    [0, 100],
    [200, 300],
    [400, 500],
  ]);
  const to = Uint16Array.of(10, 20, 30, 40, 50, 60);
  const journey = journeyTo(flat, to, 3, (index) => [2, -1][index]);
  assert.equal(journey.dimensions, 3);
  assert.deepEqual([...placesAt(journey, 0)], [400, 500, Math.floor(MIDDLE), 40, 50, 60]);
  assert.deepEqual([...placesAt(journey, 1)], [...to]);
  const back = journeyTo(
    mapOf([
      [0, 100, 7],
      [200, 300, 9],
    ]),
    Uint16Array.of(8, 16),
    2,
    () => 1,
  );
  assert.deepEqual([...placesAt(back, 0.5)], [104, 158, Math.floor((9 + Math.floor(MIDDLE)) / 2)]);
  assert.deepEqual([0, 0.5, 1].map(eased), [0, 0.5, 1]);
});

test("the view around points holds all of them, and a lasso is the same on another screen", () => {
  const state = mapOf([...CORNERS, [MIDDLE, MIDDLE]]);
  const near = projected({ ...mapOf([...CORNERS, [MIDDLE, MIDDLE]]), view: viewAround(state, [0, 4]) });
  assert.ok(near.view.zoom > state.view.zoom);
  const seen = within(near, shapeOf(near, screenOf(near)));
  assert.ok(seen.includes(0) && seen.includes(4) && !seen.includes(2));
  const shape = shapeOf(near, screenOf(near));
  assert.deepEqual(
    within(projected({ ...mapOf([...CORNERS, [MIDDLE, MIDDLE]]), width: 900, height: 200 }), shape),
    seen,
  );
});

test("a name that has no room to the right of its point stands on another side", () => {
  const state = mapOf([
    [MIDDLE, MIDDLE],
    [MIDDLE + 200, MIDDLE],
  ]);
  const wishes = [0, 1].map((index) => ({ index, tone: /** @type {const} */ ("plain") }));
  const { labels } = placed(
    state,
    wishes,
    () => "a long name",
    () => 80,
  );
  assert.equal(labels.length, 2);
  assert.ok(!overlap(labels[0].box, labels[1].box));
});

test("a flight begins where it is, ends where it should, and zooms evenly", () => {
  const [from, to] = [wholeView(mapOf(CORNERS)), viewOf(mapOf(CORNERS), 2, 16)];
  assert.deepEqual(between(from, to, 0), from);
  assert.deepEqual(between(from, to, 1), to);
  const half = 1 - 0.5 ** (1 / 3); // where the eased share is one half
  assertNear([between(from, to, half).zoom], [4], 1e-9);
});

test("a point that is flown to comes to the middle, close enough and never farther than before", () => {
  const state = mapOf(CORNERS);
  const after = projected({ ...mapOf(CORNERS), view: viewOf(state, 2) });
  assertNear(placeOf(after, 2), [200, 150]);
  assert.equal(after.view.zoom, 6);
  assert.equal(viewOf({ ...state, view: { ...state.view, zoom: 20 } }, 2).zoom, 20);
});

test("the nearest dot is picked, and none from afar", () => {
  const state = mapOf(
    [
      [30_000, 30_000],
      [31_000, 30_000],
    ],
    { extent: [FULL, FULL] },
  );
  const [x, y] = placeOf(state, 1);
  assert.equal(closest(state, { x: x + 2, y }), 1);
  assert.equal(closest(state, { x: x - 3, y }), 0);
  assert.equal(closest(state, { x: x + 12, y }), -1);
});

test("a lasso holds what it surrounds, also where it bends inwards", () => {
  const state = mapOf([...CORNERS, [MIDDLE, MIDDLE]]);
  assert.deepEqual(
    surrounded(state, [
      [150, 100],
      [250, 100],
      [250, 200],
      [150, 200],
    ]),
    [4],
  );
  const notched = [
    [50, 20],
    [350, 20],
    [350, 290],
    [220, 290],
    [200, 100],
    [180, 290],
    [50, 290],
  ];
  assert.deepEqual(surrounded(state, /** @type {[number, number][]} */ (notched)), [0, 1, 2, 3]);
});

test("wheel, keys and fingers zoom; keys and drags move a flat map, and turn a deep one unless shift is held", () => {
  const flat = mapOf(CORNERS);
  const deep = mapOf(CORNERS.map(([x, y]) => [x, y, 0]));
  assert.ok(wheelFactor({ deltaY: -100, deltaMode: 0 }) > 1);
  assert.ok(wheelFactor({ deltaY: 3, deltaMode: 1 }) < 1);
  assert.equal(keyed(flat, "+", false)?.zoom, 1.4);
  assert.equal(keyed(flat, "q", false), undefined);
  assert.ok(/** @type {number} */ (keyed(flat, "ArrowRight", false)?.x) > flat.view.x);
  assert.notEqual(keyed(deep, "ArrowRight", false)?.yaw, deep.view.yaw);
  assert.equal(keyed(deep, "ArrowRight", true)?.yaw, deep.view.yaw);
  assert.notEqual(dragged(deep, 10, 0, false).yaw, deep.view.yaw);
  assert.notEqual(dragged(deep, 10, 0, true).x, deep.view.x);
  assert.equal(pinched(flat, { x: 100, y: 0 }, { x: 200, y: 0 }, { x: 0, y: 0 }).zoom, 2);
});

test("names never overlap, except that of the chosen and of the hovered point", () => {
  const points = Array.from({ length: 40 }, (_, index) => [index * 1600, (index % 4) * 20_000]);
  const state = mapOf(points);
  const wishes = points.map((_, index) => ({ index, tone: /** @type {const} */ ("plain") }));
  const { labels } = placed(
    state,
    wishes,
    (index) => `name ${index}`,
    (text) => 7 * text.length,
  );
  assert.ok(labels.length > 5);
  for (const one of labels) {
    for (const other of labels) if (one !== other) assert.ok(!overlap(one.box, other.box), `${one.name} ${other.name}`);
    assert.ok(one.box[2] <= state.width, "a name leaves the map");
  }
  const urgent = [0, 1, 2].map((index) => ({ index, tone: /** @type {const} */ ("strong") }));
  const crowd = mapOf(
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
    { extent: [FULL, FULL] },
  );
  assert.deepEqual(
    placed(crowd, urgent, String, () => 30).labels.map(({ index }) => index),
    [0, 1],
  );
});

test("points without a known name are asked for, those with an empty one are not written", () => {
  const state = mapOf(CORNERS);
  const wishes = [0, 1, 2, -1].map((index) => ({ index, tone: /** @type {const} */ ("plain") }));
  const found = placed(
    state,
    wishes,
    (index) => ["", undefined, "two"][index],
    () => 20,
  );
  assert.deepEqual(
    found.labels.map(({ name }) => name),
    ["two"],
  );
  assert.deepEqual(found.missing, [1]);
});

test("in a crowd nobody is named; of those who stand apart, one for each cell", () => {
  const crowd = Array.from({ length: 30 }, () => [MIDDLE, MIDDLE]);
  assert.deepEqual(roomy(mapOf([...crowd, ...CORNERS, [0, 0]])), [30, 31, 32, 33]);
});

test("of a path only its end is named", () => {
  const state = mapOf([...CORNERS, ...CORNERS], { every: 4 });
  assert.deepEqual(roomy(state), [3, 7]);
});

/** @param {MapState} state */
function painted(state) {
  const raster = { pixels: new Uint32Array(400 * 300), width: 400, height: 300, ratio: 1, depth: null };
  paint(state, raster);
  return raster.pixels;
}

test("a dot is painted where its point stands, round, in its colour, and nothing at the edge", () => {
  /** @type {[number, number, number][]} */
  const palette = [
    [255, 0, 0],
    [0, 0, 255],
  ];
  const state = mapOf(
    [
      [MIDDLE, MIDDLE],
      [FULL, FULL],
    ],
    { palette, shades: Uint8Array.of(0, 1), extent: [FULL, FULL] },
  );
  const pixels = painted(state);
  const ground = packed([255, 255, 255]);
  assert.equal(pixels[150 * 400 + 200], blend(packed([255, 0, 0]), blend(packed([255, 0, 0]), ground)));
  assert.equal(pixels[0], ground);
  const { inside, rim } = dotOf(radiusOf(state), 400);
  assert.equal(pixels.filter((pixel) => pixel !== ground).length, 2 * (inside.length + rim.length));
});

test("the more points, the smaller the dots, and smaller again never than a pixel", () => {
  const radius = (/** @type {number} */ count) => radiusOf({ ...emptyState(), count });
  assert.ok(radius(10) > radius(8000));
  assert.equal(radius(1e6), 1);
});

test("in depth the near hide the far, and the far are pale", () => {
  /** @type {[number, number, number][]} */
  const palette = [
    [255, 0, 0],
    [0, 0, 255],
  ];
  const view = { x: 30_000, y: 30_000, z: 30_000, zoom: 1, yaw: 0, pitch: 0 };
  const points = [
    [30_000, 30_000, 60_000],
    [30_000, 30_000, 0],
  ];
  const state = mapOf(points, { view, palette, shades: Uint8Array.of(0, 1), extent: [FULL, FULL] });
  const [near, far] = state.near[0] > state.near[1] ? [0, 1] : [1, 0];
  assert.equal(painted(state)[150 * 400 + 200], packed(palette[near]));
  const alone = mapOf([points[far], points[far]], {
    view,
    palette,
    shades: Uint8Array.of(far, far),
    extent: [FULL, FULL],
  });
  assert.equal(painted(alone)[150 * 400 + 200], blend(packed(palette[far]), packed([255, 255, 255])));
});

test("the mean of two colours is taken channel by channel", () => {
  assert.equal(blend(packed([255, 0, 100]), packed([255, 0, 100])), packed([255, 0, 100]));
  assert.equal(blend(packed([0, 0, 0]), packed([254, 100, 2])), packed([127, 50, 1]));
});

test("as a picture the map has a dot for each point on the screen and its names as text", () => {
  const state = mapOf(CORNERS, { picked: 2, lines: [[2, 0]], marks: [{ index: 1, name: "<mark>" }] });
  const svg = svgOf(
    state,
    (index) => `name ${index}`,
    "Map",
    (text) => 7 * text.length,
  );
  assert.equal(svg.match(/h0/g)?.length, 4);
  assert.match(svg, />name 2<\/text>/);
  assert.match(svg, />&lt;mark&gt;<\/text>/);
  assert.ok(unit(state) > 0);
});
