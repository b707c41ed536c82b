// The other side of a comparison in a saved program, and in what is printed beside the picture.
import { _ } from "../language.js";
import { sideNames, sidesOf } from "../sides.js";
import { state } from "../store.js";
import { literal } from "./python.js";

/** Lines that load the other side's model as `other` and run it as `beside`, after `model` and `trace` are there. */
export function besideLines() {
  const { other } = state;
  if (!other) return [];
  const given = [literal(other.text), ...(other.target ? [literal(other.target)] : [])].join(", ");
  const changed = other.changes.length ? [`other = other.changed(${literal(other.changes)}, ${given})`] : [];
  return [`other = load(${literal(other.model)})`, ...changed, `beside = other.trace(${given})`];
}

/**
 * What tells both sides apart, as a setting of the picture.
 * @returns {[string, string]}
 */
export function bothNamed() {
  const sides = sidesOf();
  const [one, other] = sides ? sideNames(sides) : ["", ""];
  return [_("Sides"), _("A: {one}; B: {other}", { one, other })];
}
