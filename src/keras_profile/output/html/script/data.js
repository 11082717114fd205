// @ts-check
// Unpacks the page's data: text -> bytes -> JSON and columns of numbers.

/** @import { Column, Content, StoredColumn } from "./content.d.ts" */

const COLUMN_TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array };

/**
 * The data of the page, with columns in place of their numbers where `column` is asked.
 * @param {string} text
 * @returns {Promise<Content>}
 */
export async function unpackData(text) {
  const packed = new Blob([bytesOfBase64(text.trim())]);
  const plain = packed.stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(plain).arrayBuffer();
  const headSize = new DataView(buffer).getUint32(0, true);
  const head = new TextDecoder().decode(new Uint8Array(buffer, 4, headSize));
  const content = JSON.parse(head);
  const start = 4 + headSize;
  content.column = (/** @type {number} */ number) => readColumn(buffer, start, content.columns[number]);
  return content;
}

/** @param {string} text */
export function bytesOfBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/**
 * One column; it is a view of the data where it is stored as it is.
 * @param {ArrayBuffer} buffer
 * @param {number} start where the columns begin
 * @param {StoredColumn} stored
 * @returns {Column}
 */
export function readColumn(buffer, start, { type, at, count, least, rising }) {
  const stored = new COLUMN_TYPES[type](buffer, start + at, count);
  if (!rising && !least) return stored;
  const values = new Float64Array(count);
  let before = 0;
  for (let row = 0; row < count; row++) {
    const value = stored[row] + least;
    before = rising ? before + value : value;
    values[row] = before;
  }
  return values;
}
