// The page of scenarios.

import './frame.js';
import { askScoped } from './api.js';
import { el } from './element.js';
import { events } from './events.js';
import { fail } from './notice.js';
import { scope } from './scope.js';

class ScenariosPage extends HTMLElement {
  connectedCallback() {
    events.addEventListener('connected', () => this.#load());
    events.addEventListener('change', () => this.#load());
    scope.addEventListener('scope', () => this.#load());
  }

  async #load() {
    try {
      const { scenarios } = await askScoped('GET', 'scenarios');
      this.replaceChildren(el('ul', {}, scenarios.map((s) => el('li', { class: 'card' }, s.name))));
    } catch (error) {
      fail(error);
    }
  }
}

customElements.define('scenarios-page', ScenariosPage);
