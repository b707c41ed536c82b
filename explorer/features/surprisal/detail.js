// What is said of one token of the reading: its numbers, and what the model expected in its place.

import { h } from "../../web/dom.js";
import { guessList } from "../../web/guesses.js";
import { _ } from "../../web/language.js";
import { wordName } from "../../web/tokens.js";
import { facts } from "./reading.js";

/** @typedef {import("../../web/calls.d.ts").ReadingAnswer} ReadingAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */
/** @typedef {import("../../web/calls.d.ts").CandidateAnswer} CandidateAnswer */

const LISTED = 5;

/**
 * Writes it; gives what draws the expected tokens once they are known, nothing where none can be.
 * @param {HTMLElement} place
 * @param {ReadingAnswer} reading
 * @param {TokenRow} token
 * @param {number} position
 * @returns {((candidates: readonly CandidateAnswer[]) => void) | null}
 */
export function drawDetail(place, reading, token, position) {
  const name = wordName(token);
  const index = reading.positions.indexOf(position);
  if (index < 0) {
    place.replaceChildren(h("p", null, _("{token} has no score.", { token: name })));
    return null;
  }
  const line = h("p", null, _("{token}: {facts}.", { token: name, facts: facts(reading, index) }));
  place.replaceChildren(line);
  if (reading.pseudo) return null;
  const actual = {
    id: token.id,
    text: token.special ? token.piece : token.text,
    special: token.special,
    probability: 2 ** -reading.surprisal[index],
    rank: reading.rank[index],
  };
  return (candidates) =>
    place.replaceChildren(
      line,
      h("h3", { class: "tree-title" }, _("Expected here")),
      guessList(candidates.slice(0, LISTED), actual),
    );
}
