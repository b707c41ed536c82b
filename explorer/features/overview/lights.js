// What is lit: the head that is pointed at, and in Play the blocks whose turn it is.
import { laneKey } from "./column_drawing.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./steps.js").Step} Step */

/**
 * Lights one head's connections and dims the others; null lights all.
 * @param {HTMLElement} element
 * @param {{ kind: string, layer: number, head: number } | null} head
 * @param {readonly Column[]} [columns]
 */
export function light(element, head, columns = []) {
  const merged = columns[0]?.merged;
  const key = head && laneKey(head.kind, head.layer, merged ? null : head.head);
  element.classList.toggle("is-lit", key !== null);
  for (const node of element.querySelectorAll(".lit")) node.classList.remove("lit");
  if (key === null) return;
  for (const node of element.querySelectorAll(`.ov-picture [data-lane="${key}"]`)) node.classList.add("lit");
}

/**
 * Shows the picture as far as a step has come; null shows all of it.
 * @param {SVGSVGElement} picture
 * @param {Step | null} step
 * @param {readonly Column[]} columns
 * @param {number} depths
 */
export function showStep(picture, step, columns, depths) {
  picture.classList.toggle("is-playing", step !== null);
  picture.dataset.part = step?.part ?? "";
  for (const node of picture.querySelectorAll("[data-column]")) {
    phase(node, step, Number(node.getAttribute("data-column")));
  }
  const written = columns.length - columns.filter(({ stack }) => stack === columns[columns.length - 1].stack).length;
  const layers = columns.length - written;
  for (const node of picture.querySelectorAll(".guess[data-depth]")) {
    const layer = Number(node.getAttribute("data-depth")) - 1 + (layers + 1 - depths);
    phase(node, step, written + layer);
  }
}

/**
 * @param {Element} node
 * @param {Step | null} step
 * @param {number} column
 */
function phase(node, step, column) {
  const now = step && column >= step.first && column <= step.last;
  const later = step && column > step.last;
  const past = step && step.part === "blocks" && column < step.first;
  node.setAttribute("data-phase", now ? "now" : later ? "later" : past ? "past" : "");
}
