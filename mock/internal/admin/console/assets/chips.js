// Shows methods and statuses, in colours beside the text.

import { el } from './element.js';

/** The class of a status: 2xx, 3xx, 4xx, 5xx, or other (1xx, default, 0 for a fault). */
export function statusClass(status) {
  const first = String(status)[0];
  return '2345'.includes(first) ? `s${first}` : 'other';
}

export function statusChip(status) {
  return el('span', { class: `chip status ${statusClass(status)}` }, String(status));
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export function methodChip(method) {
  const known = METHODS.includes(method.toLowerCase()) ? method.toLowerCase() : 'other';
  return el('span', { class: `chip method ${known}` }, method);
}

/** A small label, such as a tag. */
export function tag(text) {
  return el('span', { class: 'tag' }, text);
}

/** A path that lines are broken in behind slashes. */
export function pathText(path) {
  return el('code', { class: 'wrap' }, path.split(/(?<=\/)/).map((part) => [part, el('wbr')]));
}
