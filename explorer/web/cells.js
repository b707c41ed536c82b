// A head's pattern in small, as the server sends it: one byte a cell, painted pixel by pixel.
import { sequential } from "./colour.js";

/** @typedef {{ rows: number, columns: number, causal: boolean }} Size */

/**
 * Paints bytes from 0 (nothing) to 255 (its largest weight); what a causal model cannot see stays clear.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes
 * @param {Size} size
 */
export function paintCells(canvas, bytes, { rows, columns, causal }) {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  image.data.set(pixels(bytes, columns, causal, sequential.flat));
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} columns
 * @param {boolean} causal
 * @param {Uint8ClampedArray} flat  the scale, three numbers for each of its 256 colours
 */
export function pixels(bytes, columns, causal, flat) {
  const data = new Uint8ClampedArray(bytes.length * 4);
  bytes.forEach((byte, pixel) => {
    data.set(flat.subarray(byte * 3, byte * 3 + 3), pixel * 4);
    const later = causal && byte === 0 && pixel % columns > Math.floor(pixel / columns);
    data[pixel * 4 + 3] = later ? 0 : 255;
  });
  return data;
}
