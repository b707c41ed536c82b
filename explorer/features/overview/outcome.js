// Where the outcome stands: under each depth what would be said there, and at the end of the line the bars.

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("./layout.js").Box} Box */
/**
 * One cell for the depths `first` to `depth`: what is said at the last of them, after `count` guesses in turn.
 * @typedef {{ depth: number, first: number, count: number } & Box} GuessPlace
 */

const NARROWEST = 74; // narrower cells are merged where their guesses are equal
const WIDEST = 140;
const SAMPLES = 24;
const LISTED = 40; // a bar of a phone's list

/**
 * One cell under each ring; where there is no room for that, one under each run of equal guesses.
 * @param {FlowAnswer} answer
 * @param {readonly number[]} rings
 * @param {number} top
 * @param {{ phone: boolean, label: number, small: number, below: number }} measured
 * @param {number} width  of the whole picture
 * @returns {{ cells: GuessPlace[], merged: boolean, bottom: number }}
 */
export function guessPlaces({ depths }, rings, top, { phone, label, small, below }, width) {
  if (phone) return guessList(depths.length, top + small + 6, label, width);
  const known = rings.slice(rings.length - depths.length); // only the last where depths cannot be read
  const pitch = rings.length > 1 ? rings[1] - rings[0] : WIDEST;
  const merged = pitch < NARROWEST + 8 * (label / 16);
  const height = below - 14;
  const size = merged ? pitch - 2 : Math.min(pitch - 8, WIDEST * (label / 16));
  const places = known.map((x) => ({ x: x - size / 2, y: top, width: size, height }));
  const cells = places.map((box, depth) => ({ depth, first: depth, count: 1, ...box }));
  return { cells: merged ? legible(joined(cells, depths), 4.4 * label) : cells, merged, bottom: top + height };
}

/**
 * @param {GuessPlace[]} cells
 * @param {FlowAnswer["depths"]} depths
 */
function joined(cells, depths) {
  /** @type {GuessPlace[]} */
  const found = [];
  for (const cell of cells) {
    const before = found[found.length - 1];
    if (before && depths[before.depth].guesses[0].id === depths[cell.depth].guesses[0].id) {
      before.width = cell.x + cell.width - before.x;
      before.depth = cell.depth;
    } else found.push({ ...cell });
  }
  return found;
}

/**
 * Runs too narrow for a word: neighbours share a cell, and what stays narrow takes room from a wide one beside it.
 * @param {GuessPlace[]} runs
 * @param {number} least  pixels
 * @returns {GuessPlace[]}
 */
function legible(runs, least) {
  /** @type {GuessPlace[]} */
  const found = [];
  for (const run of runs.toReversed()) {
    const [after] = found;
    if (after && after.width < least && run.width < least) absorb(after, run);
    else found.unshift({ ...run });
  }
  for (let place = found.length - 1; place >= 0; place -= 1) {
    const [before, cell, after] = [found[place - 1], found[place], found[place + 1]];
    const missing = least - cell.width;
    if (missing <= 0) continue;
    if (before && before.width - missing >= least) {
      before.width -= missing;
      [cell.x, cell.width] = [cell.x - missing, least];
    } else if (after && after.width - missing >= least) {
      [after.x, after.width] = [after.x + missing, after.width - missing];
      cell.width = least;
    } else if (before) {
      absorb(cell, before);
      found.splice(place - 1, 1);
    } else if (after) {
      absorb(after, cell);
      found.splice(place, 1);
    }
  }
  return found;
}

/**
 * One cell takes in the one before it.
 * @param {GuessPlace} cell
 * @param {GuessPlace} before
 */
function absorb(cell, before) {
  cell.width += cell.x - before.x;
  [cell.x, cell.first, cell.count] = [before.x, before.first, cell.count + before.count];
}

/**
 * On a phone: rows in two columns, read downwards.
 * @param {number} count
 * @param {number} top
 * @param {number} label
 * @param {number} width
 */
function guessList(count, top, label, width) {
  const lines = Math.ceil(count / 2);
  const height = Math.max(40, label * 2.3);
  const size = (width - 18) / 2;
  const cells = Array.from({ length: count }, (_, depth) => ({
    depth,
    first: depth,
    count: 1,
    x: depth < lines ? 0 : size + 18,
    y: top + (depth % lines) * height,
    width: size,
    height,
  }));
  return { cells, merged: false, bottom: top + lines * height };
}

/**
 * The bars, and the fan that leads from the end of the line to each of them, as wide as it is likely.
 * @param {FlowAnswer} answer
 * @param {{ y: number, rings: number[] }} stream
 * @param {{ head: number, bars: number, label: number, small: number, groups: number, lines: number }} measured
 * @param {{ width: number, bottom: number }} room
 */
export function barPlaces({ candidates }, { y, rings }, { bars, label, small, groups, lines }, { width, bottom }) {
  const count = candidates.length + 1;
  const top = groups + label + 16;
  const legend = (1.9 + 1.4 * (2 + lines)) * small + 2.9 * small;
  const pitch = Math.min(3.2 * label, (bottom - top - legend) / count);
  const left = width - bars;
  const height = Math.min(1.9 * label, pitch * 0.62);
  const [name, number] = [bars * 0.34, 4.1 * label];
  const track = { x: left + name, width: bars - name - number };
  const rows = Array.from({ length: count }, (_, rank) => ({ rank, y: top + (rank + 0.5) * pitch }));
  const from = { x: rings[rings.length - 1] + 6, y };
  return { left, title: groups + label, pitch, height, track, rows, from, legend: bottom - legend, bottom };
}

/**
 * On a phone: the bars under each other over the whole width, without the fan.
 * @param {FlowAnswer} answer
 * @param {number} top
 * @param {{ label: number, small: number, lines: number }} measured
 * @param {number} width
 */
export function barList({ candidates }, top, { label, small, lines }, width) {
  const title = top + label;
  const place = (/** @type {number} */ rank) => ({ rank, y: title + 10 + (rank + 0.5) * LISTED });
  const rows = Array.from({ length: candidates.length + 1 }, (_, rank) => place(rank));
  const track = { x: 116, width: width - 116 - 4.1 * label };
  const legend = rows[rows.length - 1].y + LISTED;
  const bottom = legend + 1.6 * lines * small;
  return { left: 0, title, pitch: LISTED, height: 20, track, rows, from: null, legend, bottom };
}

/**
 * A band of the fan, as an area: it begins as thick as the line and ends as thick as the share, never thinner than a
 * hair, measured across its own direction.
 * @param {{ x: number, y: number }} from
 * @param {{ x: number, y: number }} to
 * @param {number} thick
 */
export function band(from, to, thick) {
  const [start, end] = [Math.min(5, Math.max(1, thick)), Math.max(1, thick)];
  const [wide, high] = [to.x - from.x, to.y - from.y];
  const top = Math.min(from.y - start / 2, to.y - end / 2);
  const bottom = Math.max(from.y + start / 2, to.y + end / 2);
  const edge = (/** @type {1 | -1} */ side) =>
    Array.from({ length: SAMPLES + 1 }, (_, sample) => {
      const at = sample / SAMPLES;
      const slope = (high * 6 * at * (1 - at)) / wide; // of a curve that leaves and arrives level
      const half = ((start + (end - start) * at) / 2) * Math.hypot(1, slope);
      const y = from.y + high * at * at * (3 - 2 * at) + side * half;
      return `${(from.x + wide * at).toFixed(1)} ${Math.max(top, Math.min(bottom, y)).toFixed(1)}`;
    });
  return `M${[...edge(-1), ...edge(1).reverse()].join("L")}Z`;
}
