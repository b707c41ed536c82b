// A picture as a file of each kind.
import { textOf } from "../base64.js";
import { selfContained } from "../document.js";
import { canvasPicture, pngWithText } from "../png.js";
import { described } from "../svg.js";
import { printed } from "./printed.js";
import { program } from "./python.js";
import { codeOf } from "./qr.js";
import { sheet } from "./sheet.js";
import { csv } from "./table.js";
import { inTheme } from "./theme.js";

/** @typedef {import("./offer.js").Format} Format */
/** @typedef {import("./offer.js").Picture} Picture */
/** @typedef {import("./about.js").About} About */
/** @typedef {import("../store.js").RunFacts} RunFacts */
/** @typedef {{ dark: boolean, code: boolean }} Look  on the dark page or on white; with the link as a code or not */
/** @typedef {{ picture: Picture, about: About, run: RunFacts, beside?: RunFacts | null, look: Look }} Order */

const MOST_PIXELS = 16_000; // the longest side of a canvas that every browser has
const FONTS = { 400: "SourceSansPro-Regular", 700: "SourceSansPro-Bold" };

/**
 * @param {Format} format
 * @param {Order} order
 * @returns {Promise<Blob>}
 */
export const fileOf = (format, order) => makers[format](order);

/**
 * The lines that make a picture's numbers.
 * @param {Pick<Order, "picture" | "run" | "beside" | "about">} order
 */
export const linesOf = ({ picture, run, beside, about }) => `# ${about.title}\n${program(picture, run, beside)}`;

/** @type {Record<Format, (order: Order) => Promise<Blob>>} */
const makers = {
  png,
  svg: async (order) => new Blob([(await drawn(order)).svg], { type: "image/svg+xml" }),
  html,
  csv: async ({ picture }) => new Blob([csv(await rowsOf(picture))], { type: "text/csv" }),
  json: async ({ picture, about }) => {
    const { title, caption, settings, link } = about;
    const said = { title, caption, settings: Object.fromEntries(settings), link };
    const whole = { ...said, rows: await rowsOf(picture), more: picture.more?.() };
    return new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" });
  },
  py: async (order) => new Blob([linesOf(order)], { type: "text/x-python" }),
};

/** @param {Picture} picture */
const rowsOf = ({ rows }) => rows?.() ?? [];

/**
 * The sheet as SVG, which says in itself what it shows.
 * @param {Order} order
 */
async function drawn({ picture, about, look }) {
  const code = look.code ? await codeOf(about.link) : null;
  const { svg, ...size } = await inTheme(look.dark, () => sheet(printed(picture.parts), about, code));
  const { title, caption, settings, link } = about;
  const metadata = { ...Object.fromEntries(settings), link };
  return { svg: described(svg, { title, description: caption, metadata }), ...size };
}

/**
 * Two pixels to each of the page's, with the texts a PNG may hold (PNG specification, section 11.3.4.2).
 * @param {Order} order
 */
async function png(order) {
  const { svg, width, height } = await drawn(order);
  const image = await imageOf(svg);
  const scale = Math.min(2, MOST_PIXELS / Math.max(width, height));
  const picture = await canvasPicture((context) => context.drawImage(image, 0, 0, width, height), {
    ...{ width, height, scale },
  });
  URL.revokeObjectURL(image.src);
  const { title, caption, words, link, settings } = order.about;
  const Comment = JSON.stringify(Object.fromEntries(settings));
  return pngWithText(picture, { Title: title, Description: `${caption}\n${words}`, Source: link, Comment });
}

/**
 * An image may ask for nothing, so that the page's own type has to be inside it.
 * @param {string} svg
 */
async function imageOf(svg) {
  const weights = /** @type {(keyof typeof FONTS)[]} */ (Object.keys(FONTS).map(Number));
  const faces = await Promise.all(weights.map(faceOf));
  const style = `<style>${faces.join("")}</style>`;
  const written = svg.replace(/<svg[^>]*>/, (start) => start + style);
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([written], { type: "image/svg+xml" }));
  await image.decode();
  return image;
}

/** @param {keyof typeof FONTS} weight */
async function faceOf(weight) {
  const response = await fetch(new URL(`static/fonts/SourceSansPro/${FONTS[weight]}.woff2`, document.baseURI));
  if (!response.ok) return ""; // the next type in the list is good, too
  const data = textOf(new Uint8Array(await response.arrayBuffer()));
  const source = `url(data:font/woff2;base64,${data}) format("woff2")`;
  return `@font-face{font-family:"Source Sans Pro";font-weight:${weight};src:${source}}`;
}

/**
 * A document that needs neither this page nor a network; pointing at a part says what it is.
 * @param {Order} order
 */
async function html(order) {
  const { document } = order.picture;
  return new Blob([document ? await document() : await sheetDocument(order)], { type: "text/html" });
}

/** @param {Order} order */
async function sheetDocument(order) {
  const { svg } = await drawn(order);
  const data = { svg, rows: await rowsOf(order.picture), link: order.about.link };
  const entry = new URL("./standalone.js", import.meta.url).href;
  return selfContained({ title: order.about.title, entry, data, style: STYLE });
}

const STYLE = `
body { margin: 0; background: #8882; font: 16px system-ui, sans-serif; }
main { max-width: max-content; margin: 16px auto; padding: 0 16px; }
svg { display: block; max-width: 100%; height: auto; border-radius: 14px; }
.pointed { position: fixed; z-index: 1; max-width: 360px; padding: 6px 12px; border-radius: 8px;
  background: #141a2e; color: #f3f5fb; pointer-events: none; }
.pointed:empty { display: none; }
.numbers { margin: 16px 0; max-height: 70vh; overflow: auto; }
table { border-collapse: collapse; } td, th { padding: 2px 10px; text-align: start; border-bottom: 1px solid #8886; }`;
