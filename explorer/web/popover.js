// What folds out over the page, notes and drawers: Escape and a press outside fold it away again.

const OPEN = "details.fold[open], .drawer > button[aria-expanded='true']";

/** @param {Element} open */
function close(open) {
  if (open instanceof HTMLDetailsElement) open.open = false;
  else if (open instanceof HTMLElement) open.click();
}

/** @param {Element} open */
const whole = (open) => (open instanceof HTMLDetailsElement ? open : open.parentElement);

/** @param {Event} event */
function pressed({ target }) {
  // A list that a drawer's control opened hangs at the end of the document, outside the drawer.
  if (!(target instanceof Element) || target.closest("ul.options, [role=listbox]")) return;
  for (const open of document.querySelectorAll(OPEN)) if (!whole(open)?.contains(target)) close(open);
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const open = [...document.querySelectorAll(OPEN)].find((one) => whole(one)?.contains(document.activeElement));
  if (!open) return;
  close(open);
  const button = open.matches("button") ? open : open.querySelector("summary");
  if (button instanceof HTMLElement) button.focus();
}

/** Watches the whole page. */
export function watchPopovers() {
  document.addEventListener("pointerdown", pressed);
  document.addEventListener("keydown", keyed);
}
