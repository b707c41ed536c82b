// A link as a QR code: its black modules as one path.
import { call } from "../server.js";

const QUIET = 4; // modules of white that a reader needs on every side

/**
 * @param {string} link
 * @returns {Promise<{ path: string, modules: number }>}  the path of one unit to a module, and how many fit across
 */
export async function codeOf(link) {
  const { rows } = await call("link_code", { link });
  return { path: pathOf(rows), modules: rows.length + 2 * QUIET };
}

/**
 * @param {readonly string[]} rows  "1" for black
 */
export const pathOf = (rows) =>
  rows
    .flatMap((row, y) => [...row.matchAll(/1+/g)].map(({ 0: run, index }) => bar(index + QUIET, y + QUIET, run.length)))
    .join("");

/** @type {(x: number, y: number, width: number) => string} */
const bar = (x, y, width) => `M${x} ${y}h${width}v1h-${width}z`;
