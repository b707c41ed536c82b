// What the picture says in words, by rule from its numbers: names, the headline, one sentence a step.
import { percent } from "../../web/format.js";
import { _ } from "../../web/language.js";
import { wordName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("../../web/calls.d.ts").LookAnswer} LookAnswer */
/** @typedef {import("../../web/store.js").RunFacts} RunFacts */
/** @typedef {import("../../web/calls.d.ts").CountsAnswer} CountsAnswer */
/**
 * `depth` in the bars; −1 is the end. `counts` is what counts, null where it is not drawn.
 * @typedef {{ facts: RunFacts, answer: FlowAnswer, depth: number, counts: CountsAnswer | null }} Shown
 */
/** @typedef {{ text: string, special?: boolean, piece?: string, id?: number }} Named */
/** @typedef {{ rank: number, name: string, probability: number, says: boolean }} Bar */

const SURE = 0.2; // a winner below this is not called what is expected

/** @param {Named} token */
export const guessName = (token) => wordName({ ...token, piece: token.text });

/** @param {Shown} shown */
export const winnerOf = ({ answer }) => ({
  ...answer.candidates[0],
  text: guessName(answer.candidates[0]),
});

/**
 * The tokens of the text a kind of attention looks at, or the picture's tile shows.
 * @param {Shown} shown
 * @param {string} kind
 */
const seenBy = ({ facts }, kind) => (kind === "decoder" || kind === "target" ? facts.target_tokens : facts.tokens);

/**
 * The token that is followed in the text that is written.
 * @param {Shown} shown
 */
export const followedToken = ({ facts, answer }) =>
  (facts.kind === "encoder-decoder" ? facts.target_tokens : facts.tokens)[answer.position];

/**
 * What a row is called: its token, or the first and last of those that share it. At a mask it is what fits there.
 * @param {Shown} shown
 * @param {{ stack: string, first: number, last: number }} tile
 */
export function tileName(shown, tile) {
  const tokens = seenBy(shown, tile.stack);
  const { answer } = shown;
  const filled = answer.masks.includes(tile.first) && tile.first === answer.position;
  return filled ? winnerOf(shown).text : wordName(tokens[tile.first]);
}

/**
 * @param {Shown} shown
 * @param {{ kind: string, row: number }} look
 */
export function seenName(shown, { kind, row }) {
  const { first, last } = (kind === "decoder" ? shown.answer.target_rows : shown.answer.rows)[row];
  const tokens = seenBy(shown, kind);
  const names = { first: wordName(tokens[first]), last: wordName(tokens[last]) };
  return first === last ? names.first : _("{first} … {last}", names);
}

/**
 * Whether a row holds the very word that will be said.
 * @param {Shown} shown
 * @param {{ kind: string, row: number }} look
 */
export function isSaid(shown, { kind, row }) {
  const { first, last } = (kind === "decoder" ? shown.answer.target_rows : shown.answer.rows)[row];
  if (first !== last || shown.answer.masks.includes(first)) return false;
  const token = seenBy(shown, kind)[first];
  const winner = shown.answer.candidates[0];
  return !winner.special && Boolean(winner.text.trim()) && token.text.trim() === winner.text.trim();
}

/**
 * A depth's name where there is little room: the layer it follows, a dash before the first.
 * @param {number} depth
 * @param {Shown} shown
 */
export const depthName = (depth, { answer, facts }) => {
  const layer = depth - 1 + (facts.layers + 1 - answer.depths.length);
  return layer < 0 ? "–" : String(layer);
};

/**
 * The layer from which on the winner leads; −1 from the embedding on, null where depths cannot be read.
 * @param {FlowAnswer} answer
 */
export function leadsFrom({ depths, candidates, unread }) {
  if (unread) return null;
  let depth = depths.length;
  while (depth > 0 && depths[depth - 1].guesses[0].id === candidates[0].id) depth -= 1;
  return depth - 1;
}

/**
 * What the bars show: the end, or the depth that was chosen.
 * @param {Shown} shown
 * @returns {Bar[]}
 */
export function outcomeOf({ answer, depth }) {
  const read = answer.depths[depth];
  const rows = read ? read.guesses : answer.candidates;
  const winner = answer.candidates[0].id;
  const others = read ? Math.max(0, 1 - rows.reduce((sum, row) => sum + row.probability, 0)) : answer.others;
  const bars = rows.map((row, rank) => ({
    rank,
    name: guessName(row),
    probability: row.probability,
    says: row.id === winner,
  }));
  return [...bars, { rank: bars.length, name: _("others"), probability: others, says: false }];
}

/** @param {Shown} shown */
export function outcomeTitle(shown) {
  if (shown.answer.depths[shown.depth]) {
    const layer = depthName(shown.depth, shown);
    return layer === "–" ? _("Before layer 0") : _("After layer {layer}", { layer });
  }
  if (shown.answer.masks.includes(shown.answer.position)) return _("What fits here");
  return shown.facts.kind === "encoder" ? _("What it reads here") : _("What comes next");
}

/**
 * The headline: what is expected where, and from which layer on. `said` marks the word.
 * @param {Shown} shown
 * @param {(word: string) => Node} said
 * @returns {(Node | string)[]}
 */
export function headlineOf(shown, said) {
  const { facts, answer } = shown;
  const winner = winnerOf(shown);
  const values = { token: wordName(followedToken(shown)), share: percent(winner.probability), mask: answer.mask_token };
  const lead = leadOf(answer);
  const sure = winner.probability >= SURE;
  if (facts.kind === "encoder" && !answer.masks.includes(answer.position)) {
    const noMask = answer.masks.length ? "" : _("Write {mask} where it should guess.", values);
    return around(
      _("Reading “{token}” it thinks of “{winner}”: {share}.", { ...values, winner: MARK }),
      said(winner.text),
      noMask,
    );
  }
  if (facts.kind === "encoder") {
    const sentence = sure
      ? _("In the gap it expects “{winner}”: {share}.", { ...values, winner: MARK })
      : _("In the gap it is unsure: “{winner}” leads with {share}.", { ...values, winner: MARK });
    return around(sentence, said(winner.text), lead);
  }
  const sentence = sure
    ? _("After “{token}” it expects “{winner}”: {share}.", { ...values, winner: MARK })
    : _("After “{token}” it is unsure: “{winner}” leads with {share}.", { ...values, winner: MARK });
  return around(sentence, said(winner.text), lead);
}

const MARK = "\u0001"; // where the marked word goes; no sentence has this character

/**
 * @param {string} sentence
 * @param {Node} word
 * @param {string} rest
 */
function around(sentence, word, rest) {
  const [before, after = ""] = sentence.split(MARK);
  return [before, word, [after, rest].filter(Boolean).join(" ")];
}

/** @param {FlowAnswer} answer */
function leadOf(answer) {
  const layer = leadsFrom(answer);
  const last = answer.depths.length - 2;
  if (layer === null) return "";
  if (layer < 0) return _("It leads from the start.");
  if (layer >= last) return _("Only the last layer puts it first.");
  return _("It leads from layer {layer} on.", { layer: String(layer) });
}

/**
 * A head's name as the field writes it here: layer·head.
 * @param {{ layer: number, head: number }} at
 */
export const headName = ({ layer, head }) => `${layer}·${head}`;
