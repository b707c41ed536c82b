// What can be saved: each view says once what its picture is, and asks for nothing else; the menu finds it here.

/** @typedef {Record<string, string | number | boolean | null>} Row  one row of numbers, by column */
/**
 * A picture as its view describes it at the moment it is saved.
 * @typedef {object} Picture
 * @property {string} name  what it is, in a few words; the menu and the file are called so
 * @property {readonly Element[]} parts  what is printed, as it stands on the page; none where only data can be saved
 * @property {string} [title]  what stands above it; the model and the name unless said otherwise
 * @property {string} [caption]  one sentence; the headline of its tab unless said otherwise
 * @property {[string, string | number][]} [settings]  what decides the picture besides the run, in words
 * @property {() => Row[] | Promise<Row[]>} [rows]  the numbers, as exact as the page has them
 * @property {() => unknown} [more]  what JSON can hold and a table cannot
 * @property {string[]} [python]  lines that make the numbers, after `model` and `trace` are there
 * @property {string[]} [imports]  lines they need at the top
 * @property {() => string | Promise<string>} [document]  an HTML document, where the picture has one of its own
 * @property {string} [why]  one sentence, where it cannot be saved as every kind of picture
 * @property {boolean} [isOfRun]  whether it is about the run's text; it is unless said otherwise
 * @property {import("../store.js").RunName} [run]
 */
/** @typedef {"png" | "svg" | "html" | "csv" | "json" | "py"} Format */
/** @typedef {() => Picture | null} Describe  null while there is nothing to save */

/** @type {Map<Element, Describe>} */
const offers = new Map();

/**
 * Offers the picture of a view to be saved.
 * @param {Element} element  the view
 * @param {Describe} describe
 */
export function savable(element, describe) {
  offers.set(element, describe);
}

/**
 * The pictures on the screen inside an element, from top to bottom of the document.
 * @param {Element} within
 * @returns {{ element: Element, picture: Picture }[]}
 */
export function offered(within) {
  const found = [];
  for (const [element, describe] of offers) {
    if (!element.isConnected) offers.delete(element);
    else if (within.contains(element) && element.getClientRects().length) {
      const picture = describe();
      if (picture) found.push({ element, picture });
    }
  }
  return found.sort(({ element: one }, { element: other }) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
}

/**
 * The formats a picture can be saved in.
 * @param {Picture} picture
 * @returns {Format[]}
 */
export function formatsOf({ parts, document, rows, python }) {
  const pictures = /** @type {Format[]} */ (parts.length ? ["png", "svg", "html"] : document ? ["html"] : []);
  const numbers = /** @type {Format[]} */ (rows ? ["csv", "json"] : []);
  return [...pictures, ...numbers, ...(python ? /** @type {Format[]} */ (["py"]) : [])];
}
