// A picture's numbers as lines of Python.

/** @typedef {import("../store.js").RunFacts} RunFacts */

/**
 * A value as Python writes it.
 * @param {unknown} value
 * @returns {string}
 */
export function literal(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") {
    const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`);
    return `{${parts.join(", ")}}`;
  }
  return JSON.stringify(value); // a text of JSON is a text of Python, and so is a number
}

/**
 * The arguments of a call that differ from their defaults: `arguments_({ layer: 3, kind: "self" }, { kind: "self" })`
 * is `layer=3`.
 * @param {Record<string, unknown>} given
 * @param {Record<string, unknown>} [defaults]
 */
export const keywords = (given, defaults = {}) =>
  Object.entries(given)
    .filter(([name, value]) => value !== defaults[name])
    .map(([name, value]) => `${name}=${literal(value)}`)
    .join(", ");

/**
 * A whole program: it loads the model, runs it over the text and computes.
 * @param {{ imports?: string[], python?: string[], isOfRun?: boolean }} picture
 * @param {Pick<RunFacts, "model" | "text" | "target"> & Partial<Pick<RunFacts, "changes">>} run
 */
export function program({ imports = [], python = [], isOfRun = true }, { model, text, target, changes = [] }) {
  const names = python.some((line) => line.includes("Sampling(")) ? "Sampling, load" : "load";
  const given = [literal(text), ...(target ? [literal(target)] : [])].join(", ");
  return [
    ...imports.filter((line) => line.startsWith("import ")),
    ...(imports.some((line) => line.startsWith("import ")) ? [""] : []),
    `from models import ${names}`,
    ...imports.filter((line) => line.startsWith("from ")),
    "",
    `model = load(${literal(model)})`,
    ...(isOfRun && changes.length ? [`model = model.changed(${literal(changes)}, ${given})`] : []),
    ...(isOfRun ? [`trace = model.trace(${given})`] : []),
    ...python,
    "",
  ].join("\n");
}
