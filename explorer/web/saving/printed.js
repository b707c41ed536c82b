// A part of the page as an SVG picture: what stands there is walked through and drawn again, text as text, at its size.
import { escaped } from "../svg.js";
import { attributes, common } from "./paint.js";
import { printedBox } from "./printed_box.js";
import { printedSvg } from "./printed_svg.js";
import { printedText, turnedText } from "./printed_text.js";
import { embody } from "./pseudo.js";

/** @typedef {import("./paint.js").Box} Box */
/** @typedef {(element: HTMLElement) => string} Printer  shapes in the coordinates of the window */
/** @typedef {(box: Box) => void} Grow  makes the picture's frame hold what is printed */
/** @typedef {{ body: string, left: number, top: number, width: number, height: number }} Printed */

// What is there to be pressed, not to be looked at.
const UNPRINTED = [
  ".view-status, .unprinted, [data-unprinted], .fold, .action, .chip, .modebar-container, [role=radiogroup]",
  "[popover], dialog, select, input[type=range], input[type=checkbox], input[type=radio], label:has(input)",
  "script, style, iframe",
].join(", ");
const STROKE = 3; // half of the widest line, which stands over the edge of what it draws
const EVERYWHERE = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

/** @type {WeakMap<Element, Printer>} */
const printers = new WeakMap();

/**
 * How an element is printed that draws by itself, a canvas for example: as shapes of its own instead of its pixels.
 * @param {Element} element
 * @param {Printer} printer
 */
export function printAs(element, printer) {
  printers.set(element, printer);
}

/**
 * The shapes of these elements, in the coordinates of the window; what scrolls inside them is there as a whole.
 * @param {readonly Element[]} elements
 * @returns {Printed}
 */
export function printed(elements) {
  const all = elements.flatMap((element) => [element, ...element.querySelectorAll("*")]);
  const folded = [...unfold(all), embody(all)];
  try {
    const frame = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    const body = elements.map((element) => walk(element, EVERYWHERE, growing(frame))).join("");
    const { left, top, right, bottom } = body ? frame : { left: 0, top: 0, right: 0, bottom: 0 };
    return { body, left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
  } finally {
    for (const fold of folded.reverse()) fold();
  }
}

/**
 * Opens what scrolls, for as long as it takes to measure it: nobody sees it. Gives what folds each back.
 * @param {readonly Element[]} elements
 */
function unfold(elements) {
  const scrolling = elements
    .filter((element) => element instanceof HTMLElement && !(element instanceof HTMLTextAreaElement))
    .map((element) => /** @type {HTMLElement} */ (element))
    .filter(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => {
      return scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1;
    })
    .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflow));
  return scrolling.map((element) => {
    const { scrollLeft, scrollTop } = element;
    const before = element.getAttribute("style");
    element.style.cssText += ";overflow:visible!important;max-height:none!important;height:auto!important;flex:none";
    return () => {
      if (before === null) element.removeAttribute("style");
      else element.setAttribute("style", before);
      element.scrollTo({ left: scrollLeft, top: scrollTop, behavior: "instant" });
    };
  });
}

/**
 * @param {Element} element
 * @param {Box} clip
 * @param {Grow} grow
 * @returns {string}
 */
function walk(element, clip, grow) {
  if (element.matches(UNPRINTED)) return "";
  const style = getComputedStyle(element);
  const isThere = style.display === "contents" || element.checkVisibility(); // not so in a fold that is shut
  if (!isThere || style.opacity === "0") return "";
  const box = element.getBoundingClientRect();
  const isTiny = style.overflow !== "visible" && (box.width < 2 || box.height < 2);
  if (isTiny || style.clipPath.startsWith("inset(50%") || style.clip !== "auto") return ""; // for screen readers only
  const shapes = shapesOf(element, style, clip, grow);
  const tip = tipOf(element);
  const opacity = Number(style.opacity) < 1 ? style.opacity : null;
  if (!shapes || (!tip && !opacity)) return shapes;
  return `<g${attributes({ opacity })}>${tip ? `<title>${escaped(tip)}</title>` : ""}${shapes}</g>`;
}

/**
 * What an element says when one points at it.
 * @param {Element} element
 */
function tipOf(element) {
  const said = element.getAttribute("data-tip") ?? element.getAttribute("title");
  const named = element.matches("[role=option], [role=gridcell], [role=img], li, td, button");
  return said ?? (named ? element.getAttribute("aria-label") : null);
}

/**
 * @param {Box} frame
 * @returns {Grow}
 */
const growing = (frame) => (box) => {
  if (box.right <= box.left || box.bottom <= box.top) return;
  frame.left = Math.min(frame.left, box.left);
  frame.top = Math.min(frame.top, box.top);
  frame.right = Math.max(frame.right, box.right);
  frame.bottom = Math.max(frame.bottom, box.bottom);
};

/**
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 * @param {Box} clip
 * @param {Grow} grow
 */
function shapesOf(element, style, clip, grow) {
  const isVisible = style.visibility === "visible";
  const seen = common(element.getBoundingClientRect(), clip);
  if (element instanceof SVGSVGElement && isVisible) grow(common(inkOf(element), seen));
  if (element instanceof SVGSVGElement) return isVisible ? printedSvg(element) : "";
  if (!(element instanceof HTMLElement)) return "";
  const box = isVisible ? printedBox(element, style, clip) : "";
  const own = isVisible ? drawnByItself(element, style, clip) : null;
  if (box || own) grow(seen);
  if (own !== null) return box + own;
  const degrees = turnOf(style);
  if (degrees) return box + (isVisible ? turnedText(element, style, degrees) : "");
  const inner = style.overflowX === "visible" ? clip : seen;
  const children = [...element.childNodes].map((child) => {
    if (child instanceof Text) return isVisible ? printedText(child, style, inner, grow) : "";
    return child instanceof Element ? walk(child, inner, grow) : "";
  });
  return box + children.join("");
}

/**
 * Where an SVG picture has something drawn.
 * @param {SVGSVGElement} picture
 * @returns {Box}
 */
function inkOf(picture) {
  const { x, y, width, height } = picture.getBBox();
  const matrix = picture.getScreenCTM();
  if (!matrix || !width || !height) return EVERYWHERE;
  const [start, end] = [
    [x, y],
    [x + width, y + height],
  ].map(([across, down]) => new DOMPoint(across, down).matrixTransform(matrix));
  return { left: start.x - STROKE, top: start.y - STROKE, right: end.x + STROKE, bottom: end.y + STROKE };
}

/**
 * Elements whose inside is not made of elements; null for all others.
 * @param {HTMLElement} element
 * @param {CSSStyleDeclaration} style
 * @param {Box} clip
 */
function drawnByItself(element, style, clip) {
  const own = printers.get(element);
  if (own) return own(element);
  if (element instanceof HTMLCanvasElement) return pixels(element, element.toDataURL(), style);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return typed(element, style, clip);
  return null;
}

/**
 * @param {HTMLElement} element
 * @param {string} address
 * @param {CSSStyleDeclaration} style
 */
function pixels(element, address, style) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const rendering = style.imageRendering === "auto" ? null : `image-rendering:${style.imageRendering}`;
  const box = { x: left, y: top, width, height, preserveAspectRatio: "none", style: rendering };
  return `<image${attributes(box)} href="${address}"/>`;
}

/**
 * What stands in a text box, set by the browser in an element of the same kind.
 * @param {HTMLInputElement | HTMLTextAreaElement} box
 * @param {CSSStyleDeclaration} style
 * @param {Box} clip
 */
function typed(box, style, clip) {
  const { left, top, width, height } = box.getBoundingClientRect();
  const copy = document.createElement("div");
  copy.textContent = box.value;
  const { font, padding, textAlign, direction } = style;
  const whiteSpace = box instanceof HTMLTextAreaElement ? "pre-wrap" : "pre";
  Object.assign(copy.style, { position: "fixed", boxSizing: "border-box", font, padding, textAlign, direction });
  Object.assign(copy.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, whiteSpace });
  document.body.append(copy);
  if (box instanceof HTMLInputElement) copy.style.top = `${top + (height - copy.offsetHeight) / 2}px`;
  try {
    const inner = common(clip, box.getBoundingClientRect());
    return copy.firstChild instanceof Text ? printedText(copy.firstChild, style, inner, () => {}) : "";
  } finally {
    copy.remove();
  }
}

/**
 * By how many degrees an element's text is turned.
 * @param {CSSStyleDeclaration} style
 */
function turnOf({ transform, writingMode }) {
  if (writingMode.startsWith("vertical")) return 90;
  if (writingMode === "sideways-lr") return -90;
  const matrix = transform.startsWith("matrix(") ? transform.slice(7).split(",").map(Number.parseFloat) : [1, 0];
  return Math.round((Math.atan2(matrix[1], matrix[0]) * 180) / Math.PI);
}
