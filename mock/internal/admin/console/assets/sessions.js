// The page of sessions.

import './frame.js';
import { ask } from './api.js';
import { el } from './element.js';
import { events } from './events.js';
import { fail } from './notice.js';

class SessionsPage extends HTMLElement {
  connectedCallback() {
    events.addEventListener('connected', () => this.#load());
    events.addEventListener('session', () => this.#load());
  }

  async #load() {
    try {
      const { sessions } = await ask('GET', 'sessions');
      this.replaceChildren(el('ul', {}, sessions.map((s) => el('li', { class: 'card' }, s.id))));
    } catch (error) {
      fail(error);
    }
  }
}

customElements.define('sessions-page', SessionsPage);
