// Shows a body with numbered lines, and what is wrong with it below the line that it is
// about.

import { el, button } from './element.js';
import { jsonLines } from './json-lines.js';

const MOST_LINES = 500; // shown at first
const MOST_LENGTH = 5000; // characters of a line

/** Shows a recorded body ({text, base64, size, cut}) with the violations that are about it. */
export function bodyView(body, violations = []) {
  if (!body) {
    return el('div', { class: 'body' }, el('p', { class: 'muted' }, 'No body.'), violations.map(violationNote));
  }
  if (body.base64 !== undefined && body.text === undefined) {
    return el('div', { class: 'body' }, el('p', { class: 'muted' }, `${size(body.size)}, no text. In Base64:`),
      el('pre', { tabindex: '0', class: 'base64' }, shorten(body.base64)), violations.map(violationNote));
  }
  const lines = jsonLines(body.text ?? '') ?? (body.text ?? '').split('\n').map((text) => ({ text, pointers: [] }));
  const notes = pinned(lines, violations);
  const list = el('ol', { class: 'lines', tabindex: '0', 'aria-label': 'Lines of the body' });
  const last = Math.max(MOST_LINES, ...[...notes.keys()].map((at) => at + 1));
  const fill = (from, to) => {
    for (let i = from; i < Math.min(to, lines.length); i += 1) {
      const wrong = notes.get(i) ?? [];
      list.append(el('li', { class: wrong.length > 0 ? 'wrong-line' : null },
        el('code', {}, shorten(lines[i].text) || ' '), wrong.map(violationNote)));
    }
  };
  fill(0, last);
  const rest = lines.length > last && button(`Show all ${lines.length} lines`, () => {
    fill(last, lines.length);
    rest.remove();
  }, { class: 'quiet' });
  return el('div', { class: 'body' }, (notes.get(-1) ?? []).map(violationNote), list, rest,
    body.cut && el('p', { class: 'muted' }, `The journal keeps a part of the ${size(body.size)}.`));
}

/** One violation with what to do about it. */
export function violationNote(violation) {
  return el('p', { class: 'violation' }, el('span', { 'aria-hidden': 'true' }, '▲ '), el('strong', {}, violation.message),
    violation.fix && [' ', el('span', { class: 'fix' }, `${capital(violation.fix)}.`)],
    violation.contract && [' ', el('span', { class: 'muted wrap' }, `Contract: ${violation.contract}`)]);
}

/** The violations by the line to show them at; -1 for those that are about no line. */
function pinned(lines, violations) {
  const places = new Map();
  lines.forEach(({ pointers }, at) => pointers.forEach((pointer) => places.set(pointer, at)));
  const notes = new Map();
  for (const violation of violations) {
    let pointer = violation.pointer ?? '';
    while (!places.has(pointer) && pointer !== '') { // what is missing is shown where it should be
      pointer = pointer.slice(0, pointer.lastIndexOf('/'));
    }
    const at = places.get(pointer) ?? -1;
    notes.set(at, [...(notes.get(at) ?? []), violation]);
  }
  return notes;
}

function shorten(text) {
  return text.length > MOST_LENGTH ? `${text.slice(0, MOST_LENGTH)} … and ${text.length - MOST_LENGTH} more characters` : text;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A number of bytes for people. */
export function size(bytes) {
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
}
