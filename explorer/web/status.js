// The line at the end of a view: what it is doing, or one sentence about what went wrong.

/** @param {Element} element */
function line(element) {
  const found = element.querySelector(".view-status");
  if (found instanceof HTMLElement) return found;
  const made = document.createElement("p");
  made.className = "view-status";
  made.setAttribute("role", "status");
  element.append(made);
  return made;
}

/**
 * Says what the view is doing; null says nothing.
 * @param {Element} element
 * @param {string | null} sentence
 * @param {"working" | "note"} [tone]
 */
export function status(element, sentence, tone = "working") {
  const place = line(element);
  place.textContent = sentence ?? "";
  place.dataset.tone = sentence ? tone : "";
}

/**
 * Says what went wrong.
 * @param {Element} element
 * @param {string} sentence
 */
export function fail(element, sentence) {
  const place = line(element);
  place.textContent = sentence;
  place.dataset.tone = "failure";
}

/**
 * Takes back what went wrong, now that it goes well.
 * @param {Element} element
 */
export function clear(element) {
  const place = element.querySelector(".view-status");
  if (place instanceof HTMLElement && place.dataset.tone === "failure") status(element, null);
}
