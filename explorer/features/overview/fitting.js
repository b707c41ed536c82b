// Text in a given width: what is longer ends in an ellipsis.

/** @type {CanvasRenderingContext2D | null} */
let context = null;
const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter() : null;

/**
 * How wide a text is, in the font of the page.
 * @param {string} text
 * @param {number} size
 * @param {number} [weight]
 */
export function widthOf(text, size, weight = 400) {
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return text.length * size * 0.5;
  context.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return context.measureText(text).width;
}

/**
 * The text as far as it fits; a character that is written with several code points is never cut in two.
 * @param {string} text
 * @param {number} width
 * @param {number} size
 * @param {number} [weight]
 */
export function fitted(text, width, size, weight) {
  if (widthOf(text, size, weight) <= width) return text;
  const characters = segmenter ? [...segmenter.segment(text)].map(({ segment }) => segment) : [...text];
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(`${characters.slice(0, middle).join("")}…`, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return low ? `${characters.slice(0, low).join("")}…` : "";
}
