// Attributions of both sides as they are saved, and the lines of Python that compute them.
import { _ } from "../../web/language.js";
import { keywords } from "../../web/saving/python.js";
import { methodNames } from "./attribution_words.js";
import { rowsOf } from "./compare_attribution_words.js";
import { wordOf } from "./contributions_words.js";
import { difference } from "./paired_rows.js";

/** @typedef {import("../../web/calls.d.ts").BothAskedAnswer} BothAskedAnswer */
/** @typedef {import("../../web/calls.d.ts").BothMethodAnswer} BothMethodAnswer */
/** @typedef {import("../../web/calls.d.ts").SideLogitAnswer} SideLogitAnswer */

/**
 * @param {BothAskedAnswer} asked
 * @param {BothMethodAnswer} chosen
 * @param {{ baseline: string, steps: number, parts: Element[], found: readonly BothMethodAnswer[] }} view
 * @returns {import("../../web/saving/offer.js").Picture}
 */
export function saved(asked, chosen, { baseline, steps, parts, found }) {
  const { one, other, stretches } = asked;
  const how = { method: chosen.method, baseline, steps };
  return {
    name: _("Attribution of both sides"),
    parts,
    settings: [
      [_("Token"), wordOf(one.token)],
      ...(one.against ? /** @type {[string, string][]} */ ([[_("Rather than"), wordOf(one.against)]]) : []),
      [_("Position"), one.position],
      [_("Method"), methodNames(chosen.method)[0]],
      [_("Baseline"), baseline === "mean" ? _("mean embedding") : _("zero")],
      [_("Steps of integrated gradients"), steps],
    ],
    rows: () =>
      rowsOf(asked, chosen).map((row, place) => ({
        text: stretches[place].text,
        other_text: stretches[place].other_text,
        value: row.one?.value ?? null,
        other_value: row.other?.value ?? null,
        difference: difference(row),
      })),
    more: () => ({ one, other, agreement: found.map(({ method, rho }) => ({ method, rho })) }),
    imports: [
      "from models.attribution.methods import rank_agreement",
      "from models.comparison.attributions import stretches_read, summed",
    ],
    python: [
      line("found", "trace", one, how),
      line("beside", "other_trace", other, how),
      `stretches = stretches_read(trace, ${one.position}, other_trace, ${other.position})`,
      "values = summed(found.values, [stretch.positions for stretch in stretches])",
      "others = summed(beside.values, [stretch.others for stretch in stretches])",
      "print(rank_agreement(values, others))",
      "rows = [(stretch.text, *both) for stretch, *both in zip(stretches, values, others)]",
    ],
  };
}

/**
 * The line that attributes one side's logit.
 * @param {string} name
 * @param {string} trace
 * @param {SideLogitAnswer} side
 * @param {{ method: string, baseline: string, steps: number }} how
 */
function line(name, trace, { position, token, against }, { method, baseline, steps }) {
  const given = { method, token: `#${token.id}`, against: against ? `#${against.id}` : "", position, baseline, steps };
  return `${name} = ${trace}.attribution(${keywords(given, { against: "", baseline: "mean", steps: 50 })})`;
}
