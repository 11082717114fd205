// Unpacks the page's data: text -> bytes -> JSON and columns of numbers.

const COLUMN_TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array };

/** The data of the page, with columns in place of their numbers where `column` is asked. */
async function unpackData(text) {
  const packed = new Blob([bytesOfBase64(text.trim())]);
  const plain = packed.stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(plain).arrayBuffer();
  const headSize = new DataView(buffer).getUint32(0, true);
  const head = new TextDecoder().decode(new Uint8Array(buffer, 4, headSize));
  const content = JSON.parse(head);
  const start = 4 + headSize;
  content.column = (number) => readColumn(buffer, start, content.columns[number]);
  return content;
}

function bytesOfBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** One column; it is a view of the data where it is stored as it is. */
function readColumn(buffer, start, { type, at, count, least, rising }) {
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

/** The frames of all views: names by number, and what each frame is. */
class Frames {
  constructor(content) {
    const { name, module, file, line, kind, strings } = content.frames;
    this.strings = strings;
    this.names = content.column(name);
    this.modules = content.column(module);
    this.files = content.column(file);
    this.line = content.column(line);
    this.kind = content.column(kind);
    this.count = this.names.length;
    this.labels = new Array(this.count);
  }
  name(frame) { return this.strings[this.names[frame]]; }
  module(frame) { return this.strings[this.modules[frame]]; }
  file(frame) { return this.strings[this.files[frame]]; }
  /** A short name that can be shown on one line. */
  label(frame) {
    return this.labels[frame] ??= shorten(printable(shortName(this.name(frame))), LONGEST_LABEL);
  }
  /** The number of the frame of this name and module, or -1. */
  find(name, module) {
    for (let frame = 0; frame < this.count; frame++) {
      if (this.name(frame) === name && this.module(frame) === module) return frame;
    }
    return -1;
  }
  /** A frame as it is copied: its name and where it is. */
  words(frame) {
    const file = this.file(frame);
    return file ? `${this.name(frame)} (${file}:${this.line[frame]})` : this.name(frame);
  }
  /** Whether a frame is the measured call itself. */
  isCall(frame) { return this.kind[frame] === PART_KIND && this.strings[this.names[frame]] === CALL_NAME; }
  /** Wrappers, Python's standard library and built-in functions: what is hidden at first. */
  isNoise(frame) { const kind = this.kind[frame]; return kind >= 1 && kind <= 3; }
}

const KIND_NAMES = [
  "function", "wrapper", "Python's standard library", "built-in function", "TensorFlow event", "part of the call"];
const CALL_NAME = "the call";
const NATIVE_KIND = 4, PART_KIND = 5;
