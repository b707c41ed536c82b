// What a file says about itself: title, caption, every setting in words, which model, which app, and the link.
import { changeName } from "../change_names.js";
import { config } from "../configuration.js";
import { cut } from "../format.js";
import { _ } from "../language.js";

/** @typedef {import("./offer.js").Picture} Picture */
/** @typedef {import("../store.js").RunFacts} RunFacts */
/** @typedef {import("../store.js").Change} Change */
/**
 * @typedef {object} About
 * @property {string} title
 * @property {string} caption
 * @property {[string, string | number][]} settings
 * @property {string} words  the settings as one line
 * @property {string} link
 */

const TEXT_CHARACTERS = 300;
const NAME_CHARACTERS = 80;

/**
 * @param {Picture} picture
 * @param {RunFacts} run
 * @param {{ headline: string, link: string, beside?: RunFacts | null }} page  beside: side B of a comparison
 * @returns {About}
 */
export function aboutOf(picture, run, { headline, link, beside = null }) {
  const given = (picture.settings ?? []).filter(([, value]) => value !== "");
  const settings = [...ofRun(run, picture.isOfRun !== false), ...(beside ? ofBeside(beside) : []), ...given, app()];
  const shown = settings.map(([name, value]) => `${name}: ${cut(String(value).replace(/\s+/g, " "), TEXT_CHARACTERS)}`);
  return {
    title: picture.title ?? `${run.model}${beside ? ` | ${beside.model}` : ""} · ${picture.name}`,
    caption: picture.caption ?? headline,
    settings,
    words: shown.join(" · "),
    link,
  };
}

/**
 * @param {RunFacts} run
 * @param {boolean} isOfRun
 * @returns {[string, string][]}
 */
function ofRun({ model, revision, text, target, changes = [] }, isOfRun) {
  /** @type {[string, string][]} */
  const found = [[_("Model"), `${model} (${revision})`]];
  if (isOfRun) found.push([_("Text"), text]);
  if (isOfRun && target) found.push([_("Target"), target]);
  if (changes.length)
    found.push([_("The model is changed"), /** @type {Change[]} */ (changes).map(changeName).join("; ")]);
  return found;
}

/**
 * The same of side B.
 * @param {RunFacts} other
 */
const ofBeside = (other) =>
  ofRun(other, true).map(([name, value]) => /** @type {[string, string]} */ ([_("B: {name}", { name }), value]));

/**
 * The app and the state of its scripts.
 * @returns {[string, string]}
 */
const app = () => [_("Made with"), `Language Model Explorer ${config.assets.split("/").at(-2) ?? ""}`.trim()];

/**
 * A name that every file system takes.
 * @param {RunFacts} run
 * @param {Picture} picture
 */
export const fileName = ({ model }, { name }) =>
  `${model} ${name}`
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .slice(0, NAME_CHARACTERS);
