// The same question put to the model of side B, while two runs are compared: its answers stand under those of side A.
import { find } from "../../web/dom.js";
import { percent } from "../../web/format.js";
import { headline, said } from "../../web/headline.js";
import { _, _n } from "../../web/language.js";
import { stream } from "../../web/server.js";
import { sideLetter } from "../../web/sides.js";
import { state } from "../../web/store.js";
import { answerOf, createShots, shareOf } from "./shots.js";
import { createSuccess } from "./success.js";

/** @typedef {import("../../web/calls.d.ts").Streams} Streams */
/** @typedef {Streams["prompting"]["request"]} Request */
/** @typedef {import("./saved.js").Answered} Answered */

/**
 * @param {HTMLElement} element
 * @param {() => void} onEnd  told when its answers are whole
 */
export function createBeside(element, onEnd) {
  const place = find(element, ".prompting-beside");
  const shots = createShots(find(place, ".shots"));
  const success = createSuccess(element, place);
  const work = stream(element, "prompting");
  place.prepend(sideLetter("B"));

  return {
    /** What side B answered so far; to read, not to change. */
    get shots() {
      return shots.shots;
    },
    /** Takes back what was measured for another model; nothing is shown without a side B. */
    update() {
      if (state.other) success.update(state.other);
    },
    /** @param {Request | null} request  null where nothing is compared */
    async ask(request) {
      shots.clear();
      work.stop();
      if (!request || !(await work.start(request, shots.receive))) return;
      success.offer();
      onEnd();
    },
  };
}

/**
 * Says what both sides answer behind all examples.
 * @param {HTMLElement} element
 * @param {readonly Answered[]} here
 * @param {readonly Answered[]} there
 * @param {number} examples
 */
export function headlineOfBoth(element, here, there, examples) {
  const [one, two] = [here, there].map((shots) => shots.at(-1)?.steps ?? []);
  const before = _n("With {count} example A answers ", "With {count} examples A answers ", examples);
  const share = (/** @type {Answered["steps"]} */ steps) => percent(shareOf(steps));
  const [mine, other] = [said(`“${answerOf(one)}”`), said(`“${answerOf(two)}”`)];
  headline(element, before, mine, _(" ({share}), B ", { share: share(one) }), other, ` (${share(two)}).`);
}
