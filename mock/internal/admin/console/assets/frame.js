// What every page has: the choice of a session, and the state of the connection.

import { el, newId } from './element.js';
import { ask, root } from './api.js';
import { events, listen } from './events.js';
import { logoutButton, tokenName } from './login.js';
import { fail } from './notice.js';
import { choose, scope, session, withSession } from './scope.js';

const MOST_SESSIONS = 100; // that the choice lists

class ScopeChoice extends HTMLElement {
  #list = el('select', { id: newId('scope'), change: () => choose(this.#list.value) });

  connectedCallback() {
    this.append(el('label', { for: this.#list.id }, 'For'), this.#list);
    this.#show([]);
    scope.addEventListener('scope', () => this.#load());
    events.addEventListener('session', () => this.#load());
    events.addEventListener('connected', () => this.#load());
  }

  async #load() {
    try {
      this.#show((await ask('GET', 'sessions')).sessions);
    } catch (error) {
      fail(error);
    }
  }

  #show(sessions) {
    const latest = sessions.toSorted((a, b) => b.used.localeCompare(a.used)).slice(0, MOST_SESSIONS).map((s) => s.id);
    const ids = [...new Set([session(), ...latest])].filter(Boolean).sort();
    this.#list.replaceChildren(el('option', { value: '' }, 'Everybody'), ...ids.map((id) => el('option', { value: id }, `Session ${id}`)));
    this.#list.value = session();
    this.classList.toggle('narrowed', session() !== '');
    for (const link of document.querySelectorAll('nav a')) {
      link.href = withSession(link.getAttribute('href'));
    }
  }
}

class ConnectionState extends HTMLElement {
  #text = el('span', { role: 'status' }, 'Connecting');

  #user = el('span', { class: 'user' });

  connectedCallback() {
    this.append(el('span', { class: 'dot', 'aria-hidden': 'true' }), this.#text, this.#user);
    this.#show('connecting', 'Connecting');
    events.addEventListener('connected', () => this.#show('connected', 'Live'));
    events.addEventListener('disconnected', () => this.#show('disconnected', 'Disconnected, trying again'));
    document.addEventListener('login', () => this.#showUser());
    this.#showUser();
  }

  #show(state, text) {
    this.className = state;
    this.#text.textContent = text;
  }

  #showUser() {
    const name = tokenName();
    this.#user.replaceChildren(...(name ? [name, logoutButton(root)] : []));
  }
}

customElements.define('scope-choice', ScopeChoice);
customElements.define('connection-state', ConnectionState);
listen();
