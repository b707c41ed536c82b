// What rows are called: asked for when a row is about to be named, kept until other vectors are shown.
import { CallError, call } from "../../web/server.js";
import { entryName } from "../../web/tokens.js";

/** @typedef {ReturnType<typeof import("./map_request.js").vectorsIn>} Vectors */

const CHUNK = 4000;

/**
 * @param {() => Vectors} vectors  whose rows these are
 * @param {() => void} onNew  called when names have come
 */
export function createNames(vectors, onNew) {
  /** @type {Map<number, string>} row → raw text */
  let known = new Map();

  /** @param {number[]} part */
  async function ask(part) {
    const into = known;
    const { texts } = await call("vector_names", { ...vectors(), rows: part });
    for (const [place, row] of part.entries()) into.set(row, texts[place]);
    return into === known;
  }

  return {
    /** @param {number} row */
    label: (row) => (known.has(row) ? entryName(known.get(row) ?? "") : undefined),
    /** @param {readonly { row: number, text: string }[]} named */
    keep(named) {
      for (const { row, text } of named) known.set(row, text);
    },
    /** The vectors are others now. */
    forget() {
      known = new Map();
    },
    /** @param {readonly number[]} rows */
    async fetch(rows) {
      const missing = [...new Set(rows)].filter((row) => !known.has(row));
      try {
        for (let from = 0; from < missing.length; from += CHUNK) {
          if (!(await ask(missing.slice(from, from + CHUNK)))) return;
        }
      } catch (error) {
        if (!(error instanceof CallError)) throw error; // a point without a name is shown all the same
      }
      if (missing.length) onNew();
    },
  };
}
