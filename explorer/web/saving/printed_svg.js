// An SVG picture of the page, or Plotly's, inside a printed one: what the style sheets say of it is written into it.
import { attributes, FAMILY, paint } from "./paint.js";

// Each property with what holds where nobody says anything.
/** @type {Record<string, string>} */
const INHERITED = {
  "fill-opacity": "1",
  "stroke-opacity": "1",
  fill: "rgb(0, 0, 0)", // after the opacities: a colour may bring one of its own
  stroke: "none",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "font-size": "16px",
  "font-weight": "400",
  "font-style": "normal",
  "text-anchor": "start",
  "dominant-baseline": "auto",
  "paint-order": "normal",
  "shape-rendering": "auto",
  visibility: "visible",
};
/** @type {Record<string, string>} */
const OWN = {
  opacity: "1",
  "vector-effect": "none",
  "mix-blend-mode": "normal",
  "image-rendering": "auto",
  "stop-color": "rgb(0, 0, 0)",
};
const DROPPED = /^(class|style|tabindex|role|data-.*|aria-.*|on.*|focusable|contenteditable)$/;
const WHOLE_ADDRESS = /url\(["']?[^"')]*#([^"')]+)["']?\)/g; // of a part of this page, which a file does not have
const UNSEEN = "defs, clipPath, linearGradient, radialGradient, marker, mask, pattern, symbol, filter"; // but needed
const UNPRINTED = "script, foreignObject, .unprinted, [data-unprinted]";

/**
 * @param {SVGElement} from
 * @param {SVGElement} to
 * @param {CSSStyleDeclaration | null} above  the style of the element around it
 */
function dress(from, to, above) {
  const style = getComputedStyle(from);
  if ((style.display === "none" && !from.closest(UNSEEN)) || from.matches(UNPRINTED)) return to.remove();
  const label = from.getAttribute("data-tip") ?? from.getAttribute("aria-label");
  for (const { name, value: said } of [...to.attributes]) {
    if (DROPPED.test(name)) to.removeAttribute(name);
    else if (said.includes("url(")) to.setAttribute(name, said.replace(WHOLE_ADDRESS, "url(#$1)"));
  }
  for (const [name, usual] of Object.entries(INHERITED)) write(to, name, style, above ? value(above, name) : usual);
  for (const [name, usual] of Object.entries(OWN)) write(to, name, style, usual);
  if (style.transform !== "none" && from.style.transform) to.setAttribute("transform", style.transform);
  const children = [...from.children];
  [...to.children].forEach((child, index) => {
    const original = children[index];
    if (child instanceof SVGElement && original instanceof SVGElement) dress(original, child, style);
  });
  if (label && !to.querySelector(":scope > title")) to.prepend(titled(label));
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {string} name
 */
const value = (style, name) => style.getPropertyValue(name);

/**
 * @param {SVGElement} to
 * @param {string} name
 * @param {CSSStyleDeclaration} style
 * @param {string} usual
 */
function write(to, name, style, usual) {
  const found = value(style, name);
  if (!found || found === usual) to.removeAttribute(name);
  else if (/^(fill|stroke|stop-color)$/.test(name) && found !== "none" && !found.startsWith("url(")) {
    const [colour, opacity] = paint(found);
    const with_ = name === "stop-color" ? "stop-opacity" : `${name}-opacity`;
    to.setAttribute(name, colour);
    if (opacity < 1) to.setAttribute(with_, (opacity * Number(to.getAttribute(with_) ?? 1)).toFixed(3));
  } else to.setAttribute(name, found.replace(WHOLE_ADDRESS, "url(#$1)"));
}

/** @param {string} text */
function titled(text) {
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = text;
  return title;
}

/**
 * @param {SVGSVGElement} picture
 * @returns {string}
 */
export function printedSvg(picture) {
  const { left, top, width, height } = picture.getBoundingClientRect();
  const copy = /** @type {SVGSVGElement} */ (picture.cloneNode(true));
  dress(picture, copy, null);
  for (const name of ["x", "y", "width", "height"]) copy.removeAttribute(name);
  const overflow = getComputedStyle(picture).overflow === "visible" ? "visible" : null;
  const frame = attributes({ x: left, y: top, width, height, overflow, "font-family": FAMILY });
  const written = new XMLSerializer().serializeToString(copy);
  return written.replace(/^<svg/, `<svg${frame}`);
}
