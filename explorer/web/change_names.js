// A change to the model in plain words.
import { cut } from "./format.js";
import { _, number } from "./language.js";
import { state } from "./store.js";
import { wordName } from "./tokens.js";

/** @typedef {import("./store.js").Change} Change */

const TEXT = 24; // characters of another text
const WORD = 14; // characters of a token

/**
 * What is done to something: "off", "at its mean", "× 2", "set to 4".
 * @param {{ by?: string, value?: number }} change
 */
function done({ by = "zero", value = 0 }) {
  const values = { value: number(value) };
  /** @type {Record<string, string>} */
  const words = {
    zero: _("off"),
    mean: _("at its mean over this text"),
    reference: _("at its mean over reference passages"),
    scale: _("× {value}", values),
    set: _("set to {value}", values),
  };
  return words[by] ?? by;
}

/** @param {string | null | undefined} attention */
function ofStack(attention) {
  /** @type {Record<string, string>} */
  const names = { encoder: _(" (encoder)"), cross: _(" (cross-attention)") };
  return names[attention ?? ""] ?? "";
}

/** @param {string | string[] | undefined} words */
const quoted = (words) =>
  Array.isArray(words) ? _("{count} texts", { count: words.length }) : `“${(words ?? "").trim()}”`;

/**
 * A position as its token with its number, where the text on the page has one there.
 * @param {number} position
 * @param {"source" | "target"} stack
 */
function token(position, stack) {
  const run = state.main;
  const read = stack === "target" && run?.target_tokens.length ? run.target_tokens : run?.tokens;
  const found = read?.[position];
  return found ? `“${cut(wordName(found), WORD)}” (${position})` : _("position {number}", { number: String(position) });
}

/**
 * The texts that a change's queries and keys are positions in.
 * @param {string | null | undefined} attention
 * @returns {["source" | "target", "source" | "target"]}
 */
function stacks(attention) {
  if (attention === "encoder") return ["source", "source"];
  return attention === "cross" ? ["target", "source"] : ["target", "target"];
}

/**
 * @param {Extract<Change, { kind: "edge" }>} change
 */
function edge({ layer = null, head = null, query, key, attention }) {
  const [from, to] = stacks(attention);
  const values = { query: token(query, from), key: token(key, to), layer: layer ?? 0, head: head ?? 0 };
  if (layer === null && head === null) return _("{query} cannot look at {key}", values);
  if (layer === null) return _("{query} cannot look at {key} in head {head} of every layer", values);
  if (head === null) return _("{query} cannot look at {key} in layer {layer}", values);
  return _("{query} cannot look at {key} in head {layer}·{head}", values);
}

/** @param {Extract<Change, { kind: "patch" }>} change */
function patch(change) {
  const { of = "residual", depth = 0, layer = 0, head = 0, position, text, from_position: from = null } = change;
  const at = token(position, stacks(change.attention)[0]);
  const other = { position: at, from: from ?? position, text: cut(text, TEXT) };
  const values = { depth: depth ?? 0, layer: layer ?? 0, head: head ?? 0 };
  /** @type {Record<string, string>} */
  const names = {
    residual: _("residual at depth {depth}", values),
    attention: _("attention of layer {layer}", values),
    feed_forward: _("feed-forward of layer {layer}", values),
    head: _("head {layer}·{head}", values),
  };
  const what = names[of] ?? of;
  if (other.from === position) return _("{what} at {position} from “{text}”", { what, ...other });
  return _("{what} at {position} from position {from} of “{text}”", { what, ...other });
}

/** @param {Extract<Change, { kind: "steer" }>} change */
function steer({ depth, strength = 0.5, ...words }) {
  // A push against a direction is one along the opposite one, and is easier to read so.
  const [toward, away] = strength < 0 ? [words.away, words.toward] : [words.toward, words.away];
  const values = { depth, toward: quoted(toward), away: quoted(away), strength: number(Math.abs(strength)) };
  if (!away?.length) return _("steered toward {toward} at depth {depth}, strength {strength}", values);
  if (!toward?.length) return _("steered away from {away} at depth {depth}, strength {strength}", values);
  return _("steered toward {toward} and away from {away} at depth {depth}, strength {strength}", values);
}

/**
 * @param {Change} change
 * @returns {string}
 */
function words(change) {
  if (change.kind === "head") return _("head {layer}·{head} {done}", { ...place(change), done: done(change) });
  if (change.kind === "edge") return edge(change);
  if (change.kind === "part") {
    const values = { layer: change.layer, done: done(change) };
    return change.part === "attention"
      ? _("attention of layer {layer} {done}", values)
      : _("feed-forward of layer {layer} {done}", values);
  }
  if (change.kind === "neuron") {
    const values = { layer: change.layer, neuron: String(change.neuron), done: done(change) };
    return _("neuron {layer}·{neuron} {done}", values);
  }
  return change.kind === "patch" ? patch(change) : steer(change);
}

/** @param {{ layer: number, head: number }} change */
const place = ({ layer, head }) => ({ layer, head });

/**
 * A change as a chip, a caption or a file says it: "head 4·0 off".
 * @param {Change} change
 */
export const changeName = (change) => `${words(change)}${ofStack(change.attention)}`;
