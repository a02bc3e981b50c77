// Tells people what was done and what has failed.

import { ask } from './api.js';
import { el, button } from './element.js';
import { events } from './events.js';
import { choose, scope, session } from './scope.js';

const LIFETIME = 6000; // ms that what was done is shown

/** The place of notices, on every page. Failures stay until they are closed. */
class NoticeBoard extends HTMLElement {
  #done = el('p', { class: 'done', role: 'status', 'aria-live': 'polite' });

  #failed = el('div', { class: 'failed', role: 'alert' });

  #timer = 0;

  connectedCallback() {
    this.append(this.#done, this.#failed);
    events.addEventListener('connected', () => this.clear());
    scope.addEventListener('scope', () => this.clear());
  }

  tell(text) {
    clearTimeout(this.#timer);
    this.#done.textContent = text;
    this.#timer = setTimeout(() => { this.#done.textContent = ''; }, LIFETIME);
  }

  fail(error) {
    const problem = error.problem ?? {};
    this.#failed.replaceChildren(el('div', { class: 'failure' },
      el('p', {}, el('strong', {}, problem.title ?? 'This failed'), ' ', error.message),
      problem.text && el('pre', { tabindex: '0' }, problem.text),
      problem.known?.length > 0 && el('p', {}, `There are: ${problem.known.join(', ')}.`),
      el('p', { class: 'actions' }, problem.type?.endsWith('#session_not_found') && ways(session()), button('Close', () => this.clear()))));
  }

  clear() {
    this.#failed.replaceChildren();
  }
}

/** What to do about a session that there is not. */
function ways(id) {
  return [
    button(`Make the session ${id}`, () => attempt(async () => {
      await ask('PUT', `sessions/${encodeURIComponent(id)}`);
      scope.dispatchEvent(new Event('scope'));
    })),
    button('Go on for everybody', () => choose('')),
  ];
}

customElements.define('notice-board', NoticeBoard);

function board() {
  return document.querySelector('notice-board');
}

/** Tells what was done. */
export function announce(text) {
  board().tell(text);
}

/** Does something for a person: failures before are taken away, and a new one is shown. */
export async function attempt(action) {
  board().clear();
  try {
    return await action();
  } catch (error) {
    board().fail(error);
    return undefined;
  }
}

/** Shows a failure. */
export function fail(error) {
  board().fail(error);
}
