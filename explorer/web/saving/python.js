// A picture's numbers as lines of Python.

/** @typedef {import("../store.js").RunFacts} RunFacts */
/** @typedef {Pick<RunFacts, "model" | "text" | "target"> & Partial<Pick<RunFacts, "changes">>} Run */

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
 * @param {Run} run
 * @param {Run | null} [beside]  side B of a comparison: `other`, and `other_trace`
 */
export function program({ imports = [], python = [], isOfRun = true }, run, beside = null) {
  const names = python.some((line) => line.includes("Sampling(")) ? "Sampling, load" : "load";
  return [
    ...imports.filter((line) => line.startsWith("import ")),
    ...(imports.some((line) => line.startsWith("import ")) ? [""] : []),
    `from models import ${names}`,
    ...imports.filter((line) => line.startsWith("from ")),
    "",
    ...runLines(run, isOfRun, "model", "trace"),
    ...(beside ? runLines(beside, true, "other", "other_trace") : []),
    ...python,
    "",
  ].join("\n");
}

/**
 * @param {Run} run
 * @param {boolean} isOfRun  whether the text matters
 * @param {string} name  of the model
 * @param {string} trace
 */
function runLines({ model, text, target, changes = [] }, isOfRun, name, trace) {
  const given = [literal(text), ...(target ? [literal(target)] : [])].join(", ");
  return [
    `${name} = load(${literal(model)})`,
    ...(isOfRun && changes.length ? [`${name} = ${name}.changed(${literal(changes)}, ${given})`] : []),
    ...(isOfRun ? [`${trace} = ${name}.trace(${given})`] : []),
  ];
}
