// A change to the model in plain words.
import { cut } from "./format.js";
import { _, number } from "./language.js";

/** @typedef {import("./store.js").Change} Change */

const TEXT = 24; // characters of another text

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
 * @param {Extract<Change, { kind: "edge" }>} change
 */
function edge({ layer = null, head = null, query, key }) {
  const values = { query, key, layer: layer ?? 0, head: head ?? 0 };
  if (layer === null && head === null) return _("position {query} cannot look at {key}", values);
  if (layer === null) return _("position {query} cannot look at {key} in head {head} of every layer", values);
  if (head === null) return _("position {query} cannot look at {key} in layer {layer}", values);
  return _("position {query} cannot look at {key} in head {layer}·{head}", values);
}

/** @param {Extract<Change, { kind: "patch" }>} change */
function patch({ of = "residual", depth = 0, layer = 0, head = 0, position, text, from_position: from = null }) {
  const other = { position, from: from ?? position, text: cut(text, TEXT) };
  const values = { depth: depth ?? 0, layer: layer ?? 0, head: head ?? 0 };
  /** @type {Record<string, string>} */
  const names = {
    residual: _("residual at depth {depth}", values),
    attention: _("attention of block {layer}", values),
    feed_forward: _("feed-forward of block {layer}", values),
    head: _("head {layer}·{head}", values),
  };
  return _("{what}, position {position}, from position {from} of “{text}”", { what: names[of] ?? of, ...other });
}

/** @param {Extract<Change, { kind: "steer" }>} change */
function steer({ depth, toward, away, strength = 0.5 }) {
  const values = { depth, toward: quoted(toward), away: quoted(away), strength: number(strength) };
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
      ? _("attention of block {layer} {done}", values)
      : _("feed-forward of block {layer} {done}", values);
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
