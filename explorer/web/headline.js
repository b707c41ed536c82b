// The headline of a tab: one true sentence with a number, which stands where the tab's question stood.
import { h } from "./dom.js";

const LONG = 64; // characters, from which on a headline takes two lines of smaller type

/**
 * The question of the tab an element is in; a tab inside a tab shares the outer one's.
 * @param {Element} element
 */
function questionOf(element) {
  for (let panel = element.closest(".tabitem"); panel; panel = panel.parentElement?.closest(".tabitem") ?? null) {
    const question = panel.querySelector(":scope > .column > .question, :scope > .question");
    if (question) return question;
  }
  return null;
}

/**
 * Says the sentence in large type at the top of the tab; without parts the tab's question is back.
 * @param {Element} element  anything in the tab
 * @param {...(Node | string)} parts
 */
export function headline(element, ...parts) {
  const question = questionOf(element);
  if (!question) return;
  const line = question.querySelector(".headline") ?? question.appendChild(h("p", { class: "headline" }));
  line.replaceChildren(...parts);
  line.classList.toggle("is-long", (line.textContent ?? "").length > LONG);
  question.classList.toggle("has-headline", parts.length > 0);
}

/**
 * What the tab says in its headline, or asks where it says nothing yet.
 * @param {Element} element  anything in the tab
 */
export function headlineOf(element) {
  const question = questionOf(element);
  const said = question?.querySelector(".headline:not(:empty)") ?? question?.querySelector("h2");
  return said?.textContent?.trim() ?? "";
}

/**
 * A part of a headline that the model says: underlined in the colour of what is said.
 * @param {string} text
 */
export const said = (text) => h("span", { class: "said", dir: "auto" }, text);

/**
 * A part of a headline about where a head looks.
 * @param {string} text
 */
export const looked = (text) => h("span", { class: "looked", dir: "auto" }, text);
