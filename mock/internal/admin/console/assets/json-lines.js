// Writes a JSON text in lines, and knows for each line which values begin there. Numbers
// and strings stay as they are written: JSON.parse would round long numbers.

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const DEEPEST = 500;

/**
 * Gives the lines of a JSON text: {text, pointers}, where pointers are the JSON pointers
 * (RFC 6901) of the values that begin in the line. It gives null for what is no JSON.
 */
export function jsonLines(source) {
  const writer = new Writer(source);
  try {
    writer.value('', 0);
    writer.space();
    return writer.at === source.length ? writer.lines : null;
  } catch {
    return null;
  }
}

/** Breaks a JSON text into lines for people; a text that is no JSON is given back. */
export function layOut(text) {
  return jsonLines(text)?.map((line) => line.text).join('\n') ?? text;
}

class Writer {
  at = 0;

  lines = [{ text: '', pointers: [] }];

  constructor(source) {
    this.source = source;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (!found) {
      throw new SyntaxError(`at ${this.at}`);
    }
    this.at = pattern.lastIndex;
    return found[0];
  }

  space() {
    this.match(SPACE);
  }

  write(text) {
    this.lines.at(-1).text += text;
  }

  newLine(depth) {
    this.lines.push({ text: '  '.repeat(depth), pointers: [] });
  }

  value(pointer, depth) {
    if (depth > DEEPEST) {
      throw new RangeError('too deep');
    }
    this.space();
    this.lines.at(-1).pointers.push(pointer);
    const open = this.source[this.at];
    if (open === '{' || open === '[') {
      this.members(open, open === '{' ? '}' : ']', pointer, depth);
      return;
    }
    this.write(this.match(SCALAR));
  }

  members(open, close, pointer, depth) {
    this.at += 1;
    this.write(open);
    this.space();
    if (this.source[this.at] === close) {
      this.at += 1;
      this.write(close);
      return;
    }
    for (let index = 0; ; index += 1) {
      this.newLine(depth + 1);
      let token = String(index);
      if (open === '{') {
        this.space();
        const name = this.match(SCALAR);
        token = JSON.parse(name);
        if (typeof token !== 'string') {
          throw new SyntaxError('a name is no string');
        }
        this.space();
        if (this.source[this.at] !== ':') {
          throw new SyntaxError('no colon');
        }
        this.at += 1;
        this.write(`${name}: `);
      }
      this.value(`${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
      this.space();
      const next = this.source[this.at];
      this.at += 1;
      if (next === close) {
        this.newLine(depth);
        this.write(close);
        return;
      }
      if (next !== ',') {
        throw new SyntaxError('no comma');
      }
      this.write(',');
    }
  }
}
