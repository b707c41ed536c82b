// Numbers that travel as base64 text.

/** @param {string} text */
export function bytes(text) {
  const binary = atob(text);
  const array = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) array[index] = binary.charCodeAt(index);
  return array;
}

/** @param {string} text */
export const floats = (text) => new Float32Array(bytes(text).buffer);

/** @param {string} text */
export const words = (text) => new Uint16Array(bytes(text).buffer);

/** @param {string} text */
export const integers = (text) => new Uint32Array(bytes(text).buffer);

/**
 * The other way: bytes as a text that can stand in JSON.
 * @param {Uint8Array} array
 */
export const textOf = (array) => btoa(Array.from(array, (byte) => String.fromCharCode(byte)).join(""));
