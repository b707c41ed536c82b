// What the page itself has to say: one sentence for a while, near its own buttons.
const STAYS_MS = 6000;
let timer = 0;

/**
 * Says a sentence; buttons may follow it.
 * @param {...(Node | string)} parts
 */
export function say(...parts) {
  const place = document.querySelector(".view-masthead .view-status");
  if (!(place instanceof HTMLElement)) return;
  place.replaceChildren(...parts);
  place.dataset.tone = "note";
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (place.matches(":hover, :focus-within")) say(...place.childNodes);
    else place.replaceChildren();
  }, STAYS_MS);
}
