// What a head brings from each token: the text as tiles, shaded by what each adds, zero in the colour of the page.
import { diverging, shade } from "../../web/colour.js";
import { h } from "../../web/dom.js";
import { signed } from "../../web/format.js";
import { lineText } from "../../web/steps.js";
import { fitTiles, tile } from "../../web/tiles.js";
import { isBreak, tokenName } from "../../web/tokens.js";

/** @typedef {import("../../web/calls.d.ts").PartAnswer} PartAnswer */
/** @typedef {import("../../web/calls.d.ts").TokenRow} TokenRow */

const SIZES = [52, 46, 40, 36, 32, 28, 24, 22, 20, 18, 16, 14];

/**
 * @param {HTMLElement} place
 * @param {readonly PartAnswer[]} parts
 * @param {readonly TokenRow[]} tokens
 * @param {number | null} here  the position that looks, if it stands in these tokens
 */
export function drawSources(place, parts, tokens, here) {
  const most = Math.max(...parts.map(({ value }) => Math.abs(value)), 1e-12);
  const values = new Map(parts.map(({ position, value }) => [position, value]));
  const nodes = tokens.flatMap((token, position) => {
    const value = values.get(position);
    const written = token.special ? "" : lineText(token).trim();
    const node = tile(written || tokenName(token), {
      below: value === undefined ? "–" : signed(value),
      "data-tip": value === undefined ? null : `${tokenName(token)} ${signed(value, 3)}`,
      "data-here": position === here,
    });
    shade(node, value === undefined ? null : 0.5 + value / most / 2, diverging);
    return isBreak(token.text) ? [node, h("span", { class: "tile-break" })] : [node];
  });
  const strip = h("div", { class: "why-sources tiles", role: "group" }, nodes);
  place.replaceChildren(strip);
  fitTiles(strip, SIZES, tokens.length);
  return strip;
}
