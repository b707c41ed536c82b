// The address bar: reads what a shared link asks for, believes none of it before checking, and keeps what is chosen.
import { same } from "../web/store.js";

/** @typedef {import("../web/configuration.js").Control} Control */
/** @typedef {import("../web/store.js").State} State */
/** @typedef {import("../web/store.js").Change} Change */
/** @typedef {{ model: string, text: string, target: string, changes?: Change[] }} Spec */

/** @type {Record<string, RegExp>} */
const WHOLE = { layer: /^\d{1,4}$/, head: /^\d{1,4}$/ };
const KIND = /^(self|encoder|decoder|cross)$/;
const TOKEN = /^(source|target):(\d{1,6})$/;
const RUN_KEYS = /** @type {const} */ (["model", "text", "target"]);
const VALUE_CHARACTERS = 2000; // of a control in an address
const MOST_CHANGES = 64;

/**
 * What a link sets in the store: the selection and the controls it names, as far as a person could have set them.
 * @param {URLSearchParams} query
 * @param {Record<string, Control>} controls
 * @param {readonly string[]} tabs
 * @param {number} [most]  characters of a control; a file holds more than an address
 * @returns {Partial<State>}
 */
export function chosen(query, controls, tabs, most = VALUE_CHARACTERS) {
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const [key, pattern] of Object.entries(WHOLE)) {
    const text = query.get(key) ?? "";
    if (pattern.test(text)) found[key] = Number(text);
  }
  const kind = query.get("kind") ?? "";
  if (KIND.test(kind)) found.kind = kind;
  const token = TOKEN.exec(query.get("token") ?? "");
  if (token) found.token = { stack: token[1], position: Number(token[2]) };
  const tab = query.get("tab");
  if (tab && tabs.includes(tab)) found.tab = tab;
  for (const [key, control] of Object.entries(controls)) {
    const text = query.get(key);
    const value = text === null ? undefined : valueIn(text, control, most);
    if (value !== undefined) found[key] = value;
  }
  return /** @type {Partial<State>} */ (found);
}

/**
 * The run a link asks for; `prefix` is "" for the main one.
 * @param {URLSearchParams} query
 * @param {string} [prefix]
 * @returns {Partial<Spec>}
 */
export function runIn(query, prefix = "") {
  const pairs = RUN_KEYS.map((key) => [key, query.get(prefix + key)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}

/**
 * The changes to the model that a link asks for; the server checks what each of them says.
 * @param {URLSearchParams} query
 * @param {string} [prefix]
 * @returns {Change[]}
 */
export function changesIn(query, prefix = "") {
  const found = parsed(query.get(`${prefix}changes`) ?? "[]");
  const isList = Array.isArray(found) && found.length <= MOST_CHANGES;
  return isList && found.every((one) => one && typeof one === "object" && typeof one.kind === "string") ? found : [];
}

/**
 * The run a page opens with: what the link asks for, a model's own example where it names no text. A hosted page
 * serves its catalogue, so that a link to anything else opens the usual model.
 * @param {Partial<Spec>} wanted
 * @param {Pick<import("../web/configuration.js").Configuration, "hosted" | "model" | "samples">} page
 * @returns {Spec}
 */
export function firstRun(wanted, { hosted, model: usual, samples }) {
  const served = wanted.model && (!hosted || wanted.model in samples);
  const model = served ? /** @type {string} */ (wanted.model) : usual;
  if (wanted.text !== undefined) return { model, text: wanted.text, target: wanted.target ?? "" };
  const [sample] = samples[model] ?? samples[usual] ?? Object.values(samples)[0] ?? [{ text: "", target: "" }];
  return { model, text: sample.text, target: wanted.target ?? sample.target };
}

/**
 * A link's text as a value of a control; undefined where a person could not have set it.
 * @param {string} text
 * @param {Control} control
 * @param {number} [most]  characters
 * @returns {unknown}
 */
export function valueIn(text, control, most = VALUE_CHARACTERS) {
  if (control.kind === "number") return numberOf(text, control);
  if (control.kind === "flag") return { true: true, false: false }[text];
  if (control.kind === "choice") return choiceOf(text, control, most);
  if (control.kind === "choices") return choicesOf(text, control);
  if (control.kind === "json") return jsonOf(text, control, most);
  return text.slice(0, most);
}

/**
 * @param {string} text
 * @param {Control} control
 */
function numberOf(text, { minimum, maximum }) {
  const value = Number(text);
  const inside = value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
  return text.trim() !== "" && Number.isFinite(value) && inside ? value : undefined;
}

/**
 * @param {string} text
 * @param {Control} control
 * @param {number} most
 */
function choiceOf(text, { choices = [], free }, most) {
  return choices.find((choice) => String(choice) === text) ?? (free ? text.slice(0, most) : undefined);
}

/**
 * @param {string} text
 * @param {Control} control
 */
function choicesOf(text, { choices = [] }) {
  const wanted = parsed(text);
  if (!Array.isArray(wanted)) return undefined;
  return choices.filter((choice) => wanted.some((one) => String(one) === String(choice)));
}

/**
 * A view's own choice: of the same shape as its first value, so that a list stays a list.
 * @param {string} text
 * @param {Control} control
 * @param {number} most
 */
function jsonOf(text, { first }, most) {
  const value = text.length <= most ? parsed(text) : undefined;
  if (value === undefined || first === null || value === null) return value;
  return typeof value === typeof first && Array.isArray(value) === Array.isArray(first) ? value : undefined;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The controls that are not at their first value, as a link says them.
 * @param {State} state
 * @param {Record<string, Control>} controls
 * @returns {[key: string, text: string][]}
 */
const changedControls = (state, controls) =>
  Object.entries(controls)
    .map(([key, { first }]) => ({ key, first, value: Reflect.get(state, key) }))
    .filter(({ first, value }) => !same(value, first))
    .map(({ key, value }) => [key, typeof value === "string" ? value : JSON.stringify(value)]);

/**
 * The changes to the model as a link says them; "" for none.
 * @param {Partial<Pick<State, "changes">>} state
 */
const changesOf = ({ changes = [] }) => (changes.length ? JSON.stringify(changes) : "");

/**
 * What the address says of a state, by key; what is too long for an address is left out.
 * @param {State} state
 * @param {Record<string, Control>} controls
 * @param {number} most  characters of a run's texts, and of a control
 * @returns {Record<string, string>}
 */
export function parts(state, controls, most) {
  /** @type {Record<string, string>} */
  const found = {};
  if (state.main) Object.assign(found, { layer: String(state.layer), head: String(state.head) });
  if (state.kind !== "self") found.kind = state.kind;
  if (state.tab) found.tab = state.tab;
  if (state.token) found.token = `${state.token.stack}:${state.token.position}`;
  for (const [key, text] of changedControls(state, controls)) if (text.length <= most) found[key] = text;
  const changes = changesOf(state);
  if (changes && changes.length <= most) found.changes = changes;
  for (const [name, prefix] of /** @type {const} */ ([
    ["main", ""],
    ["other", "other_"],
  ])) {
    const run = state[name];
    if (!run) continue;
    if (name === "other" && run.changes?.length) found.other_changes = JSON.stringify(run.changes);
    found[`${prefix}model`] = run.model;
    if (isTooLong(run, most)) continue;
    found[`${prefix}text`] = run.text;
    if (run.target) found[`${prefix}target`] = run.target;
  }
  return found;
}

/**
 * Whether a run's text is too long for an address.
 * @param {{ text: string, target: string } | null} run
 * @param {number} most
 */
export function isTooLong(run, most) {
  return run !== null && run.text.length + run.target.length > most;
}

/**
 * What of a state an address cannot hold: a text, or something that was chosen or written; null where it holds all.
 * @param {State} state
 * @param {Record<string, Control>} controls
 * @param {number} most
 * @returns {"text" | "choice" | null}
 */
export function tooLong(state, controls, most) {
  if (isTooLong(state.main, most) || isTooLong(state.other, most)) return "text";
  if (changesOf(state).length > most) return "choice";
  return changedControls(state, controls).some(([, text]) => text.length > most) ? "choice" : null;
}

/**
 * The keys this page owns in an address; all others are left alone.
 * @param {Record<string, Control>} controls
 */
export function ownKeys(controls) {
  const runs = RUN_KEYS.flatMap((key) => [key, `other_${key}`]);
  return ["layer", "head", "kind", "token", "tab", "changes", "other_changes", ...runs, ...Object.keys(controls)];
}
