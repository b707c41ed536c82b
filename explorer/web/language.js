// Sentences and numbers for people, by the rules of `models/translation.py`: English in place is the key, values fill
// its {names}, whole numbers are grouped as the language groups them. Babel finds the sentences here too.

import { config } from "./configuration.js";

/** @typedef {Record<string, unknown>} Values */

const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

/**
 * One language; the page speaks that of its configuration.
 * @param {string} code
 * @param {Record<string, string | string[]>} sentences
 */
export function languageOf(code, sentences) {
  const locale = code.replace("_", "-");
  const rules = new Intl.PluralRules(locale);
  const categories = CATEGORIES.filter((name) => rules.resolvedOptions().pluralCategories.some((one) => one === name));
  const written = numbersOf(locale);

  /** @type {(sentence: string, values: Values | undefined) => string} */
  const filled = (sentence, values) =>
    values
      ? sentence.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) => (name ? put(values, name) : found[0]))
      : sentence;

  /** @type {(values: Values, name: string) => string} */
  const put = (values, name) => {
    if (!(name in values)) throw new Error(`The sentence asks for {${name}}, which it was not given.`);
    const value = values[name];
    return Number.isInteger(value) ? written(/** @type {number} */ (value)) : String(value);
  };

  /** @type {(one: string, many: string, count: number) => string} */
  const counted = (one, many, count) => {
    const forms = [sentences[one] ?? []].flat();
    if (!forms.length) return count === 1 ? one : many;
    return forms[Math.min(categories.indexOf(rules.select(count)), forms.length - 1)] || many;
  };

  return {
    locale,
    number: written,
    /** @type {(english: string, values?: Values) => string} */
    sentence: (english, values) => filled([sentences[english] ?? []].flat()[0] || english, values),
    /** @type {(one: string, many: string, count: number, values?: Values) => string} */
    counted: (one, many, count, values) => filled(counted(one, many, count), { count, ...values }),
  };
}

/** @param {string} locale */
function numbersOf(locale) {
  /** @type {Map<number | undefined, Intl.NumberFormat>} */
  const formats = new Map();
  /** @param {number | undefined} digits */
  const formatOf = (digits) => {
    const fixed = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const made = new Intl.NumberFormat(locale, { signDisplay: "negative", ...fixed }); // no sign before 0.00
    formats.set(digits, made);
    return made;
  };
  // A sign as wide as the plus, not a hyphen.
  /** @type {(value: number, digits?: number) => string} */
  return (value, digits) => (formats.get(digits) ?? formatOf(digits)).format(value).replace("-", "−");
}

const spoken = languageOf(config.language, config.sentences);

/** The language spoken, as `Intl` names it. */
export const locale = spoken.locale;

/** A sentence, its {names} replaced by `values`. */
export const _ = spoken.sentence;

/** A sentence about `count` things; {count} may stand in it. */
export const _n = spoken.counted;

/** A number as the language writes it, with exactly `digits` decimals if given. */
export const number = spoken.number;
