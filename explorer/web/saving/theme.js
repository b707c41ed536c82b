// The page for a moment in the other theme, so that a dark page can be saved on white.
import { h, isDark } from "../dom.js";
import { isAsking } from "../server.js";
import { isFlushing } from "../store.js";

const MOST_MS = 3000;

const frame = () => new Promise((done) => requestAnimationFrame(done));

/** Until every view has drawn itself again. */
async function redrawn() {
  const end = performance.now() + MOST_MS;
  for (let quiet = 0; quiet < 4 && performance.now() < end; quiet += 1) {
    await frame();
    if (isFlushing() || isAsking()) quiet = 0;
  }
  for (const animation of document.getAnimations()) {
    if (animation instanceof CSSTransition) animation.finish();
  }
}

/**
 * Does something while the page is light or dark; nobody sees it turn.
 * @template T
 * @param {boolean} dark
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTheme(dark, work) {
  if (dark === isDark()) return work();
  const cover = h("div", { class: "saving-cover", "aria-hidden": true });
  cover.style.background = getComputedStyle(document.body).getPropertyValue("--page");
  document.body.append(cover);
  document.body.classList.toggle("dark", dark);
  try {
    await redrawn();
    return await work();
  } finally {
    document.body.classList.toggle("dark", !dark);
    await redrawn();
    cover.remove();
  }
}
