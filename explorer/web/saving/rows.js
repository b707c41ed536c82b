// What tokens are as rows of numbers, written once for every view that saves some.

/** @typedef {import("../calls.d.ts").CandidateAnswer} CandidateAnswer */
/** @typedef {import("../calls.d.ts").StepAnswer} StepAnswer */
/** @typedef {import("./offer.js").Row} Row */

/**
 * One candidate for a place: its probability before and after the rules.
 * @type {(one: CandidateAnswer) => Row}
 */
export const candidateRow = ({ rank, id, text, logit, probability, final_probability, kept, cut_by }) => ({
  ...{ rank, id, text, logit, probability, final_probability, kept, cut_by },
});

/**
 * One token that was written.
 * @type {(one: StepAnswer, position: number) => Row}
 */
export const stepRow = ({ id, text, probability, final_probability, rank, entropy, final_entropy }, position) => ({
  ...{ position, id, text, probability, final_probability, rank, entropy, final_entropy },
});
