// PNG pictures that say in themselves what they show.

const HEADER_BYTES = 33; // signature and first chunk: further chunks may follow from here

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * The checksum that ends a chunk.
 * @param {Uint8Array} bytes
 */
const checksum = (bytes) =>
  (bytes.reduce((crc, byte) => TABLE[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/**
 * A text chunk: length, "iTXt", keyword, four empty fields, text, checksum (PNG specification, section 11.3.4.5).
 * @param {string} key Latin letters, at most 79
 * @param {string} text
 */
function textChunk(key, text) {
  const body = new TextEncoder().encode(`iTXt${key}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const numbers = new DataView(chunk.buffer);
  numbers.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  numbers.setUint32(body.length + 4, checksum(body));
  return chunk;
}

/**
 * The picture with these texts in it.
 * @param {Uint8Array} png
 * @param {Record<string, string>} texts by keyword
 */
export function withTexts(png, texts) {
  const chunks = Object.entries(texts).map(([key, text]) => textChunk(key, text));
  const parts = [png.subarray(0, HEADER_BYTES), ...chunks, png.subarray(HEADER_BYTES)];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {Blob} blob
 * @param {Record<string, string>} texts
 */
export async function pngWithText(blob, texts) {
  return new Blob([withTexts(new Uint8Array(await blob.arrayBuffer()), texts)], { type: "image/png" });
}

/**
 * What `draw` draws, as a PNG file of `scale` pixels to each CSS pixel.
 * @param {(context: CanvasRenderingContext2D) => void} draw
 * @param {{width: number, height: number, scale?: number}} size
 * @returns {Promise<Blob>}
 */
export function canvasPicture(draw, { width, height, scale = 2 }) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no canvas.");
  context.scale(scale, scale);
  draw(context);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The canvas is too large."))), "image/png");
  });
}
