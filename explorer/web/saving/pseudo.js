// What style sheets write before and after elements, as elements for the moment of printing: only those have a place.
import { h } from "../dom.js";

const WRITTEN = /^"(.*)"$/s;
// All that decides where it stands and how it looks; widths are those that the browser has computed.
const LOOK = [
  "position,top,right,bottom,left,display,box-sizing,width,height,min-width,margin,padding,border-radius,box-shadow",
  "border-top,border-right,border-bottom,border-left,background,color,opacity,font-family,font-size,font-weight",
  "font-style,font-variant-numeric,letter-spacing,line-height,text-align,text-transform,text-decoration,white-space",
  "direction,vertical-align,transform,order,align-self,justify-self,flex,float",
]
  .join(",")
  .split(",");

/**
 * Puts an element in the place of each; gives what takes them away again.
 * @param {readonly Element[]} elements
 * @returns {() => void}
 */
export function embody(elements) {
  const made = elements.flatMap((element) => [
    ...standIn(element, "::before", (span) => element.prepend(span)),
    ...standIn(element, "::after", (span) => element.append(span)),
  ]);
  for (const { element } of made) element.setAttribute("data-printing", "");
  for (const { put } of made) put();
  return () => {
    for (const { element, span } of made) {
      span.remove();
      element.removeAttribute("data-printing");
    }
  };
}

/**
 * @param {Element} element
 * @param {"::before" | "::after"} which
 * @param {(span: HTMLElement) => void} place
 */
function standIn(element, which, place) {
  const style = getComputedStyle(element, which);
  const text = WRITTEN.exec(style.content);
  if (!text || !(element instanceof HTMLElement) || style.display === "none") return [];
  const span = h("span", { "aria-hidden": true }, text[1]);
  for (const name of LOOK) span.style.setProperty(name, style.getPropertyValue(name));
  return [{ element, span, put: () => place(span) }];
}
