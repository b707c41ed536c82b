// One token's way in steps, each with one sentence by rule: cut into tokens, block by block, the bars, the draw.
import { percent } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { headInWords } from "../../web/shelf.js";
import { wordName } from "../../web/tokens.js";
import { guessName, isSaid, outcomeOf, seenName, winnerOf } from "./sentences.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./sentences.js").Shown} Shown */
/** @typedef {import("../../web/calls.d.ts").LookAnswer} LookAnswer */
/** @typedef {import("../../web/calls.d.ts").ShelfCard} ShelfCard */
/**
 * @typedef {object} Step
 * @property {"tokens" | "blocks" | "bars" | "draw"} part
 * @property {number} first  of the columns that work in it
 * @property {number} last
 * @property {string} sentence
 */

const MOST = 8; // steps through the blocks; a deeper model takes several at once

/**
 * @param {readonly Column[]} columns
 * @param {Shown} shown
 * @param {readonly ShelfCard[]} cards
 * @returns {Step[]}
 */
export function stepsOf(columns, shown, cards) {
  const count = shown.facts.tokens.length + shown.facts.target_tokens.length;
  const cut = { part: /** @type {const} */ ("tokens"), first: -1, last: -1 };
  const end = { first: columns.length, last: columns.length };
  const blocks = turns(columns, shown.answer).map(([first, last]) => {
    const said = [blockSentence(columns, first, last, shown, cards), guessSentence(columns, last, shown)];
    const sentence = said.filter(Boolean).join(" ");
    return { part: /** @type {const} */ ("blocks"), first, last, sentence };
  });
  return [
    { ...cut, sentence: _n("The text is cut into {count} token.", "The text is cut into {count} tokens.", count) },
    ...blocks,
    { ...end, part: "bars", sentence: barsSentence(shown) },
    { ...end, part: "draw", sentence: drawSentence(shown) },
  ];
}

/**
 * Neighbouring columns of one stack, as evenly as they go into the steps there may be.
 * @param {readonly Column[]} columns
 * @returns {[number, number][]}
 */
export function spans(columns) {
  const size = Math.ceil(columns.length / MOST);
  /** @type {[number, number][]} */
  const found = [];
  for (const [index, { stack }] of columns.entries()) {
    const current = found[found.length - 1];
    const fits = current && index - current[0] < size && columns[current[0]].stack === stack;
    if (fits) current[1] = index;
    else found.push([index, index]);
  }
  return found;
}

/**
 * The columns of each step. Of a deep model a step ends where another guess takes the lead; of more such turns than
 * there may be steps, those to the guesses that lead longest.
 * @param {readonly Column[]} columns
 * @param {import("../../web/calls.d.ts").FlowAnswer} answer
 * @returns {[number, number][]}
 */
export function turns(columns, { depths, unread }) {
  const written = columns.filter(({ stack }) => stack === columns[columns.length - 1].stack);
  const before = columns.length - written.length;
  if (written.length <= MOST || unread || depths.length !== written.length + 1) return spans(columns);
  const best = depths.slice(1).map(({ guesses }) => guesses[0].id);
  const starts = best.flatMap((id, at) => (at === 0 || id !== best[at - 1] ? [at] : []));
  const lasts = (/** @type {number} */ place) => (starts[place + 1] ?? best.length) - starts[place];
  const kept = starts
    .map((start, place) => ({ start, lasting: place === 0 ? Number.POSITIVE_INFINITY : lasts(place) }))
    .sort((one, two) => two.lasting - one.lasting || one.start - two.start)
    .slice(0, MOST)
    .map(({ start }) => start)
    .sort((one, two) => one - two);
  if (kept.length < 2) return spans(columns);
  const read = before ? spans(columns.slice(0, before)) : [];
  const steps = kept.map(
    (start, place) => /** @type {[number, number]} */ ([before + start, before + (kept[place + 1] ?? best.length) - 1]),
  );
  return [...read, ...steps];
}

/**
 * The most telling thing that happens in these blocks: the copying head, a look at the word to come, a look one back,
 * else the strongest look.
 * @param {readonly Column[]} columns
 * @param {number} first
 * @param {number} last
 * @param {Shown} shown
 * @param {readonly ShelfCard[]} cards
 */
function blockSentence(columns, first, last, shown, cards) {
  const here = shown.answer.looks.filter((look) => columns.slice(first, last + 1).some((column) => isIn(look, column)));
  const strongest = [...here].sort((one, two) => two.weight - one.weight);
  const of = (/** @type {string} */ key) => cards.find((card) => card.key === key);
  const by = (/** @type {ShelfCard | undefined} */ card) =>
    card && strongest.find((look) => look.layer === card.layer && look.head === card.head && look.kind === card.kind);
  const copying = by(of("copies"));
  const coming = strongest.find((look) => isSaid(shown, look) && look.weight > 0.1);
  const back = by(of("previous"));
  const look = copying ?? coming ?? back ?? strongest[0];
  if (!look) return "";
  const layers = layersName(columns, first, last);
  const values = { layers, head: headInWords(look), seen: seenName(shown, look), share: percent(look.weight) };
  if (look === copying && isSaid(shown, look)) {
    return _("{layers}: {head}, which copies, looks at “{seen}”, the word to come ({share}).", values);
  }
  if (look === copying) return _("{layers}: {head}, which copies, looks at “{seen}” ({share}).", values);
  if (look === coming) return _("{layers}: {head} looks at “{seen}”, the word to come ({share}).", values);
  if (look === back) return _("{layers}: {head}, which looks one back, looks at “{seen}” ({share}).", values);
  return _("{layers}: {head} looks at “{seen}” most ({share}).", values);
}

/**
 * @param {LookAnswer} look
 * @param {Column} column
 */
const isIn = (look, column) => look.layer === column.layer && column.lanes.some(({ kind }) => kind === look.kind);

/**
 * @param {readonly Column[]} columns
 * @param {number} first
 * @param {number} last
 */
function layersName(columns, first, last) {
  const values = { first: String(columns[first].layer), last: String(columns[last].layer) };
  return first === last ? _("Layer {first}", values) : _("Layers {first} to {last}", values);
}

/**
 * @param {readonly Column[]} columns
 * @param {number} last
 * @param {Shown} shown
 */
function guessSentence(columns, last, { answer }) {
  const written = columns[columns.length - 1].stack;
  const depth = columns[last].layer + 1;
  if (answer.unread || columns[last].stack !== written || !answer.depths[depth]) return "";
  const [best] = answer.depths[depth].guesses;
  return _("It would say “{word}”: {share}.", { word: guessName(best), share: percent(best.probability) });
}

/** @param {Shown} shown */
function barsSentence(shown) {
  const [first, second] = outcomeOf({ ...shown, depth: -1 });
  const values = {
    word: first.name,
    share: percent(first.probability),
    next: second.name,
    rest: percent(second.probability),
  };
  return _("What is read at the end is the answer: “{word}” {share}, then “{next}” {rest}.", values);
}

/** @param {Shown} shown */
function drawSentence(shown) {
  const values = { word: winnerOf(shown).text, token: wordName(shown.answer.candidates[0]) };
  return shown.facts.kind === "encoder"
    ? _("Press space, and “{word}” fills the gap.", values)
    : _("Press space: one word is drawn by these chances, and the text goes on.", values);
}
