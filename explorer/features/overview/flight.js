// The drawn word flies from its bar to where the text goes on; only where the visitor allows motion.

const MS = 480;

/**
 * @param {HTMLElement} stage
 * @param {string} word
 * @param {{ x: number, y: number }} from
 * @param {{ x: number, y: number }} to
 */
export async function fly(stage, word, from, to) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const node = document.createElement("span");
  node.className = "ov-flying";
  node.textContent = word;
  node.setAttribute("aria-hidden", "true");
  stage.append(node);
  const at = (/** @type {{ x: number, y: number }} */ { x, y }) => `translate(${x}px, ${y}px) translate(0, -50%)`;
  const middle = { x: (from.x + to.x) / 2, y: Math.min(from.y, to.y) - 24 };
  const flight = node.animate([{ transform: at(from) }, { transform: at(middle) }, { transform: at(to) }], {
    duration: MS,
    easing: "ease-in-out",
  });
  await flight.finished.catch(() => {});
  node.remove();
}
