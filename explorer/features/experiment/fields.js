// What the form asks for each kind of change, and the change its values make.
import { _ } from "../../web/language.js";
import { tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/store.js").Change} Change */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {[value: string, name: string]} Choice */
/** @typedef {{ name: string, label: string, choices?: Choice[], step?: number, placeholder?: string }} Field */
/** @typedef {Record<string, string>} Values */

const ALL = "";

/** @returns {Choice[]} */
export const kinds = () => [
  ["head", _("Switch a head off, or scale it")],
  ["edge", _("Cut an edge: one token may not look at another")],
  ["part", _("Switch attention or a feed-forward part off")],
  ["neuron", _("Switch a neuron off, scale or set it")],
  ["patch", _("Patch: put in what another text has")],
  ["steer", _("Steer toward a word")],
];

/** @type {(count: number) => Choice[]} */
const numbers = (count) => Array.from({ length: count }, (_value, place) => [String(place), String(place)]);

/** @type {(tokens: readonly TokenRow[]) => Choice[]} */
const positions = (tokens) => tokens.map((token, place) => [String(place), `${place} ${tokenName(token)}`]);

/**
 * The stack a change is about, of an encoder-decoder.
 * @param {Values} values
 * @param {RunFacts} run
 */
const isEncoder = ({ attention }, { kind }) => kind !== "encoder-decoder" || attention === "encoder";

/** @param {RunFacts} run */
const readBy = ({ tokens, target_tokens: targets }, /** @type {boolean} */ source) => (source ? tokens : targets);

/**
 * @param {Values} values
 * @param {RunFacts} run
 */
function shapeOf({ attention = "" }, run) {
  const found = run.attention_kinds.find(({ kind }) => kind === attention) ?? run.attention_kinds.at(0);
  return found ?? { layers: run.layers, heads: 1, heads_by_layer: [] };
}

/**
 * @param {string} kind
 * @param {Values} values
 * @param {RunFacts} run
 * @returns {Field[]}
 */
export function fieldsOf(kind, values, run) {
  const { layers, heads } = shapeOf(values, run);
  const layer = { name: "layer", label: _("Layer"), choices: numbers(layers) };
  const head = { name: "head", label: _("Head"), choices: numbers(heads) };
  const depth = { name: "depth", label: _("Depth"), choices: numbers(layers + 1) };
  const value = { name: "value", label: _("Value"), step: 0.1 };
  const stack = stackField(kind, run);
  const own = positions(readBy(run, isEncoder(values, run)));
  const keys = positions(readBy(run, isEncoder(values, run) || values.attention === "cross"));
  const everywhere = /** @type {Choice} */ ([ALL, _("all")]);
  /** @type {Record<string, () => Field[]>} */
  const asked = {
    head: () => [layer, head, by("head"), ...(values.by === "scale" ? [value] : [])],
    edge: () => [
      { name: "query", label: _("This token"), choices: own },
      { name: "key", label: _("may not look at"), choices: keys },
      { name: "edge_layer", label: _("in layer"), choices: [everywhere, ...numbers(layers)] },
      { name: "edge_head", label: _("and head"), choices: [everywhere, ...numbers(heads)] },
    ],
    part: () => [
      layer,
      {
        name: "part",
        label: _("Part"),
        choices: [
          ["attention", _("attention")],
          ["feed_forward", _("feed-forward")],
        ],
      },
      by("part"),
    ],
    neuron: () => [
      layer,
      { name: "neuron", label: _("Neuron"), step: 1 },
      by("neuron"),
      ...(["scale", "set"].includes(values.by) ? [value] : []),
    ],
    patch: () => [
      {
        name: "of",
        label: _("What"),
        choices: [
          ["residual", _("residual stream")],
          ["attention", _("attention")],
          ["feed_forward", _("feed-forward")],
          ["head", _("one head")],
        ],
      },
      ...(values.of === "residual" ? [depth] : [layer]),
      ...(values.of === "head" ? [head] : []),
      { name: "position", label: _("At token"), choices: own },
      { name: "text", label: _("Other text"), placeholder: run.text },
      ...(isEncoder(values, run) ? [] : [{ name: "target", label: _("Its target text"), placeholder: run.target }]),
      { name: "from_position", label: _("From position"), step: 1, placeholder: _("the same") },
    ],
    steer: () => [
      { name: "toward", label: _("Toward"), placeholder: _("a word") },
      { name: "away", label: _("Away from"), placeholder: _("a word") },
      depth,
      { name: "strength", label: _("Strength"), step: 0.1 },
    ],
  };
  return [...stack, ...asked[kind]()];
}

/** @type {(kind: string) => Field} */
function by(kind) {
  /** @type {Record<string, Choice[]>} */
  const more = {
    head: [
      ["mean", _("at its mean over this text")],
      ["reference", _("at its mean over reference passages")],
      ["scale", _("scaled")],
    ],
    part: [["mean", _("at its mean over this text")]],
    neuron: [
      ["scale", _("scaled")],
      ["set", _("set to a value")],
    ],
  };
  return { name: "by", label: _("How"), choices: [["zero", _("off")], ...more[kind]] };
}

/**
 * @param {string} kind
 * @param {RunFacts} run
 * @returns {Field[]}
 */
function stackField(kind, run) {
  if (run.kind !== "encoder-decoder") return [];
  /** @type {Choice[]} */
  const choices = [
    ["decoder", _("decoder")],
    ["encoder", _("encoder")],
  ];
  if (["head", "edge", "part"].includes(kind)) choices.push(["cross", _("cross-attention")]);
  return [{ name: "attention", label: _("Where"), choices }];
}

/**
 * The values the form begins with: what is chosen on the page.
 * @param {RunFacts} run
 * @param {Pick<import("../../web/store.js").State, "layer" | "head" | "kind" | "token">} state
 * @returns {Values}
 */
export function firsts(run, { layer, head, kind, token }) {
  const read = run.target_tokens.length ? run.target_tokens : run.tokens;
  const last = read.length - 1;
  const position = token ? token.position : last;
  return {
    attention: run.kind === "encoder-decoder" ? kind : "",
    layer: String(layer),
    head: String(head),
    depth: String(Math.ceil(run.layers / 2)),
    query: String(position),
    key: String(Math.max(0, position - 1)),
    position: String(position),
    by: "zero",
    part: "feed_forward",
    of: "residual",
    neuron: "0",
    value: "2",
    strength: "0.5",
  };
}

/** @type {(text: string | undefined) => number | null} */
const whole = (text) => (text === undefined || text.trim() === "" ? null : Number(text));

/**
 * The change that the values make; the server says what is wrong with it.
 * @param {string} kind
 * @param {Values} values
 * @param {RunFacts} run
 * @returns {Change}
 */
export function changeOf(kind, values, run) {
  const { by: how, of, part } = values;
  const [layer, head, depth, position] = ["layer", "head", "depth", "position"].map((name) => Number(values[name]));
  const value = how === "scale" || how === "set" ? { value: Number(values.value) } : {};
  const given = run.kind === "encoder-decoder" && values.attention !== "decoder" ? { attention: values.attention } : {};
  /** @type {Record<string, () => object>} */
  const made = {
    head: () => ({ layer, head, by: how, ...value }),
    edge: () => ({
      layer: whole(values.edge_layer),
      head: whole(values.edge_head),
      query: Number(values.query),
      key: Number(values.key),
    }),
    part: () => ({ layer, part, by: how === "mean" ? "mean" : "zero" }),
    neuron: () => ({ layer, neuron: Number(values.neuron), by: how, ...value }),
    patch: () => ({
      of,
      ...(of === "residual" ? { depth } : { layer }),
      ...(of === "head" ? { head } : {}),
      position,
      text: values.text ?? "",
      ...(values.target ? { target: values.target } : {}),
      ...(whole(values.from_position) === null ? {} : { from_position: whole(values.from_position) }),
    }),
    steer: () => ({ depth, toward: values.toward ?? "", away: values.away ?? "", strength: Number(values.strength) }),
  };
  return /** @type {Change} */ ({ kind, ...given, ...made[kind]() });
}
