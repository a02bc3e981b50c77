// The page of operations: what each can answer, what it was made to answer, and a way to
// try it.

import './frame.js';
import { askScoped } from './api.js';
import { button, el, newId } from './element.js';
import { announce, attempt } from './notice.js';
import { OperationRow } from './operation-row.js';
import { refresher } from './refresh.js';
import { session, whom } from './scope.js';

class OperationsPage extends HTMLElement {
  #rows = new Map(); // by id

  #shape = '';

  #list = el('div', { class: 'operations' }, el('p', { class: 'empty' }, 'Loading'));

  #filter = el('input', { id: newId('filter'), type: 'search', placeholder: 'Method, path, name, summary or tag', input: () => this.#narrow() });

  #forcedOnly = el('input', { type: 'checkbox', change: () => this.#narrow() });

  #count = el('p', { class: 'muted', role: 'status' });

  #releaseAll = button('Release all', () => this.#release(), { class: 'danger', disabled: true });

  #refresh = null;

  connectedCallback() {
    this.append(
      el('p', { class: 'muted intro' }, 'Press a status and the operation answers it to every request; press it again to release it.'),
      el('div', { class: 'toolbar' },
        el('label', { for: this.#filter.id, class: 'spoken' }, 'Filter operations'), this.#filter,
        el('label', { class: 'check' }, this.#forcedOnly, ' Forced only'), this.#releaseAll, this.#count),
      this.#list);
    this.#refresh = refresher(() => this.#load(), ['change', 'reload']);
  }

  async #load() {
    const { operations } = await askScoped('GET', 'operations');
    const shape = JSON.stringify(operations.map((op) => [op.id, op.method, op.path, op.statuses, op.summary]));
    if (shape !== this.#shape) { // a new contract; otherwise rows stay, and with them the focus
      this.#shape = shape;
      this.#build(operations);
    }
    for (const op of operations) {
      this.#rows.get(op.id).show(op);
    }
    this.#narrow();
  }

  #build(operations) {
    this.#rows = new Map(operations.map((op) => [op.id, new OperationRow(op, this.#refresh)]));
    const apis = [...new Set(operations.map((op) => op.api))];
    this.#list.replaceChildren(...apis.map((api) => el('section', { 'data-api': api },
      apis.length > 1 && el('h2', {}, api),
      el('ul', {}, operations.filter((op) => op.api === api).map((op) => this.#rows.get(op.id).element)))));
    if (operations.length === 0) {
      this.#list.replaceChildren(el('p', { class: 'empty' }, 'No description is served.'));
    }
  }

  #narrow() {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let seen = 0;
    let own = 0;
    for (const row of this.#rows.values()) {
      const visible = (!this.#forcedOnly.checked || row.answer !== null) && words.every((word) => row.text.includes(word));
      row.element.hidden = !visible;
      seen += visible ? 1 : 0;
      own += row.isOwn() ? 1 : 0;
    }
    for (const section of this.#list.querySelectorAll('section')) {
      section.hidden = section.querySelector('li:not([hidden])') === null;
    }
    this.#count.textContent = seen === this.#rows.size ? `${seen} operations` : `${seen} of ${this.#rows.size} operations`;
    this.#releaseAll.disabled = own === 0;
  }

  async #release() {
    const id = session();
    await attempt(async () => {
      for (const row of [...this.#rows.values()].filter((r) => r.isOwn())) {
        await row.release();
      }
      announce(`Nothing is forced any more for ${whom(id)}.`);
    });
    this.#refresh();
  }
}

customElements.define('operations-page', OperationsPage);
