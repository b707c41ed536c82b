// The attributions as they are saved: each token with its value by every method, and the Python that computes one.
import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { methodNames } from "./attribution_words.js";
import { wordOf } from "./contributions_words.js";

/** @typedef {import("../../web/calls.d.ts").MethodAnswer} MethodAnswer */
/** @typedef {import("../../web/calls.d.ts").AskedAnswer} AskedAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

/**
 * @param {AskedAnswer} asked
 * @param {readonly MethodAnswer[]} found
 * @param {readonly TokenRow[]} tokens
 * @param {{ method: string, baseline: string, steps: number, parts: Element[], more: unknown }} view
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved({ token, against, position }, found, tokens, { method, baseline, steps, parts, more }) {
  const given = { method, token: `#${token.id}`, against: against ? `#${against.id}` : "", position, baseline, steps };
  return {
    name: _("Attribution"),
    parts,
    settings: [
      [_("Token"), wordOf(token)],
      ...(against ? /** @type {[string, string][]} */ ([[_("Rather than"), wordOf(against)]]) : []),
      [_("Position"), position],
      [_("Method"), methodNames(method)[0]],
      [_("Baseline"), baseline === "mean" ? _("mean embedding") : _("zero")],
      [_("Steps of integrated gradients"), steps],
    ],
    rows: () =>
      tokens.map((one, place) => ({
        place,
        id: one.id,
        text: one.text,
        ...Object.fromEntries(found.map(({ method: name, values }) => [name, values[place] ?? null])),
      })),
    more: () => more,
    python: [
      `found = trace.attribution(${keywords(given, { against: "", baseline: "mean", steps: 50 })})`,
      "rows = [(token.text, float(value)) for token, value in zip(found.tokens, found.values)]",
      "print(found.output, found.baseline_output, found.completeness_error)",
    ],
  };
}
