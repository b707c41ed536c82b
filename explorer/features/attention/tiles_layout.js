// Where everything of a small heatmap stands: one tile a cell, names of columns on the diagonal's stairs or above.

const LABEL_GAP = 8;
const ASPECT = 1.18; // a tile may be so much wider than high
const TALLEST = 1.35; // and so much higher than wide
const LARGEST = 96;
const LEAST = 4;
const NAME_SHARE = 0.3; // of the width, at most, for the names of the rows
const SLANT = Math.PI / 4;
const ABOVE_TILE = 7; // pixels between a name and the tile it stands on
const NUMBER_LEAST = 28; // pixels of a tile that has room for its number

/** @typedef {{ first: number, names: string[] }} Side  the units shown: the first, and what each is called */
/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} height  Infinity where the page may grow
 * @property {number} font  pixels
 * @property {(text: string) => number} measure  the width of a text
 * @property {number} [least]  pixels of a tile at least; smaller ones do not fit the room, and it scrolls
 */
/** @typedef {{ unit: number, x: number, y: number, text: string }} Label */
/**
 * @typedef {object} Tiles
 * @property {number} left
 * @property {number} top
 * @property {number} wide  of a tile
 * @property {number} high
 * @property {number} right  where the last column ends
 * @property {number} bottom
 * @property {boolean} slanted
 * @property {boolean} numbered  whether a tile has room for its number
 * @property {Label[]} rows
 * @property {Label[]} columns
 */

/**
 * A name that fits, with an ellipsis if it has to be cut.
 * @param {string} text
 * @param {number} pixels
 * @param {(text: string) => number} measure
 */
export function fitting(text, pixels, measure) {
  if (measure(text) <= pixels) return text;
  const characters = [...text];
  while (characters.length > 1 && measure(`${characters.join("")}…`) > pixels) characters.pop();
  return `${characters.join("")}…`;
}

/**
 * Every how many labels one is shown.
 * @param {number} pixels
 * @param {number} font
 */
const strideOf = (pixels, font) => Math.max(1, Math.ceil((font * 1.05) / pixels));

/**
 * Tiles as large as their room allows, not far from squares.
 * @param {{ width: number, height: number, least?: number }} room  what is left beside the names
 * @param {number} rows
 * @param {number} columns
 */
function tileSize({ width, height, least = LEAST }, rows, columns) {
  const widest = Math.max(least, width / columns);
  const high = Math.min(Math.max(least, height / rows), widest * TALLEST, LARGEST);
  return { high, wide: Math.min(widest, high * ASPECT) };
}

/**
 * @param {Side} rows
 * @param {Side} columns
 * @param {Room} room
 * @param {boolean} stairs  whether the names of columns stand on the diagonal
 * @returns {Tiles}
 */
export function tilesLayout(rows, columns, room, stairs) {
  const { width, font, measure } = room;
  const cut = { row: width * NAME_SHARE, column: stairs ? width * NAME_SHARE : 150 };
  const rowNames = rows.names.map((name) => fitting(name, cut.row, measure));
  const columnNames = columns.names.map((name) => fitting(name, cut.column, measure));
  const left = Math.max(...rowNames.map(measure)) + LABEL_GAP;
  const place = (stairs ? onStairs : above)(rowNames.length, columnNames, left, room);
  const { wide, high, top } = place;
  const every = strideOf(high, font);
  const label = (/** @type {string} */ text, /** @type {number} */ at) => {
    return { unit: rows.first + at, x: left - LABEL_GAP, y: top + high * (at + 0.5) + font * 0.34, text };
  };
  return {
    ...place,
    left,
    right: left + wide * columnNames.length,
    bottom: top + high * rowNames.length,
    numbered: wide >= NUMBER_LEAST && high >= font * 1.1,
    rows: rowNames.map(label).filter((_label, at) => at % every === 0),
    columns: place.columns
      .map((one, at) => ({ ...one, unit: columns.first + at }))
      .filter((_one, at) => at % place.every === 0),
  };
}

/**
 * Each column's name stands on top of its first tile, in the triangle that a causal pattern leaves free.
 * @param {number} rows
 * @param {string[]} names
 * @param {number} left
 * @param {Room} room
 */
function onStairs(rows, names, left, { width, height, font, measure }) {
  const beyond = (/** @type {number} */ wide) =>
    Math.max(0, ...names.map((name, at) => measure(name) + 4 - (names.length - at) * wide));
  const head = font * 1.4;
  let { wide, high } = tileSize({ width: width - left, height: height - head }, rows, names.length);
  // A name at the right end may need room beside the last column; what it takes makes the tiles narrower.
  ({ wide, high } = tileSize({ width: width - left - beyond(wide), height: height - head }, rows, names.length));
  const top = head;
  const columns = names.map((text, at) => ({
    text,
    x: left + wide * at + 3,
    y: top + high * at - ABOVE_TILE,
  }));
  return { top, wide, high, columns, slanted: false, every: strideOf(high, font) };
}

/**
 * Names above the first row: level where they fit over their columns, else slanted.
 * @param {number} rows
 * @param {string[]} names
 * @param {number} left
 * @param {Room} room
 */
function above(rows, names, left, { width, height, font, measure, least }) {
  const longest = Math.max(...names.map(measure));
  const level = tileSize({ width: width - left, height: height - font * 1.4, least }, rows, names.length);
  if (longest + 6 <= level.wide) {
    const top = font * 1.4;
    const columns = names.map((text, at) => ({
      text,
      x: left + level.wide * (at + 0.5) - measure(text) / 2,
      y: top - 6,
    }));
    return { ...level, top, columns, slanted: false, every: 1 };
  }
  const top = Math.sin(SLANT) * (longest + font) + 6;
  const beyond = Math.max(0, Math.cos(SLANT) * measure(names.at(-1) ?? ""));
  const tile = tileSize({ width: width - left - beyond, height: height - top, least }, rows, names.length);
  const columns = names.map((text, at) => ({ text, x: left + tile.wide * (at + 0.5) + font * 0.3, y: top - 6 }));
  return { ...tile, top, columns, slanted: true, every: strideOf(tile.wide * Math.SQRT1_2, font * 0.9) };
}
