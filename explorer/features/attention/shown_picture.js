// The picture on screen, for those who save it.

/** @typedef {import("./asked.js").PictureRequest} PictureRequest */
/**
 * @typedef {object} Picture
 * @property {Exclude<PictureRequest, { run: unknown }>} question  how Python is asked for the same
 * @property {Record<string, unknown> & { model: string, text: string, target: string, kind: string, name: string,
 *   unit: "share" | "norm" }} about  what it shows, written into files
 * @property {Record<string, unknown>} trace
 * @property {import("../../web/plot.js").Layout} layout
 */

/** @type {Map<string, () => Picture | null>} */
const pictures = new Map();

/**
 * Says how the picture of a run is read off the screen.
 * @param {string} run
 * @param {() => Picture | null} read
 */
export const offerPicture = (run, read) => pictures.set(run, read);

/**
 * @param {string} run
 * @returns {Picture | null}
 */
export const shownPicture = (run) => pictures.get(run)?.() ?? null;
