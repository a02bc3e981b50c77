// Lays out JSON for people without reading it: numbers, names and escapes stay as they
// were sent.

const INDENT = '  ';

/** Breaks the text of a JSON value into lines; a text that is no JSON is given back. */
export function layOut(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  const lines = [];
  let line = '';
  let depth = 0;
  const next = () => {
    lines.push(line);
    line = INDENT.repeat(depth);
  };
  for (const token of text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []) {
    if (token === '{' || token === '[') {
      line += token;
      depth += 1;
      next();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (/[{[]$/.test(lines.at(-1) ?? '') && line.trim() === '') {
        line = lines.pop() + token; // empty
      } else {
        next();
        line += token;
      }
    } else if (token === ',') {
      line += token;
      next();
    } else {
      line += token === ':' ? ': ' : token;
    }
  }
  lines.push(line);
  return lines.join('\n');
}
