// What the page knows from the start, written into the document by Python; outside a document, what tests need.

/** @typedef {[number, number, number]} Rgb  red, green and blue, 0 to 255 */
/** @typedef {{ light: Rgb[], dark: Rgb[] }} Stops  a colour scale on a light and on a dark page */
/**
 * One declared control: which values are believed from a link.
 * @typedef {object} Control
 * @property {"number" | "flag" | "choice" | "choices" | "text" | "json"} kind
 * @property {unknown} first
 * @property {number | null} [minimum]
 * @property {number | null} [maximum]
 * @property {(string | number | boolean)[]} [choices]
 * @property {boolean} [free]
 * @property {boolean} [of_run]  it is about the text that was run, and is forgotten when another takes its place
 */

/** @typedef {{ text: string, target: string }} Sample */
/**
 * @typedef {object} Configuration
 * @property {Record<string, Control>} controls
 * @property {Record<string, { label: string, choices?: Record<string, string> }>} names  of native controls and values
 * @property {{ name: string, kinds: string[], needs: string[] }[]} tabs
 * @property {boolean} hosted  whether only the catalogue's models are served
 * @property {string} model  the model the page opens with
 * @property {Record<string, string>} kinds  of each model of the list: decoder, encoder or encoder-decoder
 * @property {Record<string, string>} about  what each model of the list is good for, and its licence
 * @property {string[]} here  the models that are on this machine already
 * @property {Record<string, Sample[]>} samples  by model of the catalogue
 * @property {number} linkCharacters
 * @property {Stops} sequential
 * @property {Stops} diverging
 * @property {Stops} saying
 * @property {string} language
 * @property {Record<string, string[]>} sentences
 * @property {string} assets
 * @property {string} plotly
 */

/** @type {Stops} */
const GREY = {
  light: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  dark: [
    [0, 0, 0],
    [255, 255, 255],
  ],
};

/** @type {Configuration} */
const OUTSIDE = {
  controls: {},
  names: {},
  tabs: [],
  hosted: false,
  model: "",
  kinds: {},
  about: {},
  here: [],
  samples: {},
  linkCharacters: 2000,
  sequential: GREY,
  diverging: GREY,
  saying: GREY,
  language: "en",
  sentences: {},
  assets: "",
  plotly: "",
};

/** @returns {Configuration} */
function read() {
  const place = typeof document === "undefined" ? null : document.getElementById("explorer-configuration");
  return place ? JSON.parse(place.textContent ?? "") : OUTSIDE;
}

export const config = read();
