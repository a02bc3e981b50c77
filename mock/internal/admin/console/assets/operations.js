// The page of operations.

import './frame.js';
import { ask } from './api.js';
import { methodChip, statusChip } from './chips.js';
import { el } from './element.js';
import { events } from './events.js';
import { fail } from './notice.js';

class OperationsPage extends HTMLElement {
  connectedCallback() {
    events.addEventListener('connected', () => this.#load());
    events.addEventListener('reload', () => this.#load());
  }

  async #load() {
    try {
      const { operations } = await ask('GET', 'operations');
      this.replaceChildren(el('ul', {}, operations.map((op) => el('li', { class: 'card' }, methodChip(op.method), ' ', op.path, ' ', op.statuses.map(statusChip)))));
    } catch (error) {
      fail(error);
    }
  }
}

customElements.define('operations-page', OperationsPage);
