// The filters of the journal. They stand in the address, so that a view can be sent to
// somebody.

import { ask } from './api.js';
import { el, button, newId } from './element.js';
import { fail } from './notice.js';
import { session } from './scope.js';

const PAUSE = 250; // ms after the last key
const STATUS = /^[1-5](\d\d|xx)$/i;

const STATES = {
  '': ['Any', {}],
  valid: ['Valid', { valid: 'true' }],
  invalid: ['Invalid', { valid: 'false' }],
  unmatched: ['Unmatched', { matched: 'false' }],
};

/** The filters; changed is called when the list is to be asked for anew. */
export class Filters {
  #changed;

  #timer = 0;

  #operation = field('Operation', el('select', { change: () => this.#change() }));

  #status = field('Status', el('input', { size: '6', maxlength: '3', placeholder: '4XX', list: 'statuses', autocomplete: 'off', input: () => this.#typed() }));

  #state = field('Request', el('select', { change: () => this.#change() }, Object.entries(STATES).map(([value, [text]]) => el('option', { value }, text))));

  #session = field('Session', el('select', { change: () => this.#change() }, [['', 'Any'], ['none', 'Without one']].map(([value, text]) => el('option', { value }, text))));

  #text = field('Text', el('input', { type: 'search', placeholder: 'URL, header, body, violation', input: () => this.#typed() }));

  constructor(changed) {
    this.#changed = changed;
    const address = new URLSearchParams(location.search);
    this.wanted = address.get('operation') ?? '';
    this.#status.control.value = address.get('status') ?? '';
    this.#state.control.value = address.get('request') ?? '';
    this.#session.control.value = address.get('without') ? 'none' : '';
    this.#text.control.value = address.get('text') ?? '';
    this.#operation.control.append(el('option', { value: this.wanted }, this.wanted || 'Any'));
    const wide = matchMedia('(min-width: 48.01rem)');
    const form = el('form', { role: 'search', 'aria-label': 'Filters', submit: (event) => event.preventDefault() },
      this.#operation.element, this.#status.element, this.#state.element, this.#session.element, this.#text.element,
      button('Clear', () => this.clear(), { class: 'quiet' }),
      el('datalist', { id: 'statuses' }, ['2XX', '3XX', '4XX', '5XX', '200', '201', '204', '400', '401', '404', '409', '422', '500', '503'].map((value) => el('option', { value }))));
    this.element = el('details', { class: 'filters', open: wide.matches }, el('summary', {}, 'Filters'), form);
    wide.addEventListener('change', () => { this.element.open = wide.matches; });
    this.scoped();
  }

  /** Lists the operations of what is served. */
  async load() {
    try {
      const { operations } = await ask('GET', 'operations');
      const list = this.#operation.control;
      const several = new Set(operations.map((op) => op.api)).size > 1;
      const chosen = list.value;
      const names = operations.map((op) => (several ? `${op.api}.${op.name}` : op.name));
      if (chosen && !names.includes(chosen)) {
        names.push(chosen);
      }
      list.replaceChildren(el('option', { value: '' }, 'Any'), ...names.map((name) => el('option', { value: name }, name)));
      list.value = chosen;
    } catch (error) {
      fail(error);
    }
  }

  /** Of one session there is nothing to choose. */
  scoped() {
    this.#session.element.hidden = session() !== '';
  }

  /** The query that chooses exchanges; null while what is typed is no status. */
  query() {
    const status = this.#status.control.value.trim();
    const wrong = status !== '' && !STATUS.test(status);
    this.#status.control.setAttribute('aria-invalid', String(wrong));
    if (wrong) {
      return null;
    }
    return { operation: this.#operation.control.value, status, text: this.#text.control.value, ...STATES[this.#state.control.value]?.[1] };
  }

  /** What of the journal is asked, such as 'exchanges/count'. An empty session stands for none, and must be said. */
  path(name) {
    return this.#session.control.value && session() === '' ? `${name}?session=` : name;
  }

  narrowed() {
    return [this.#operation, this.#status, this.#state, this.#session, this.#text].some(({ control }) => control.value !== '');
  }

  clear() {
    for (const { control } of [this.#operation, this.#status, this.#state, this.#session, this.#text]) {
      control.value = '';
    }
    this.#change();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#change(), PAUSE);
  }

  #change() {
    clearTimeout(this.#timer);
    const url = new URL(location.href);
    const chosen = { operation: this.#operation, status: this.#status, request: this.#state, without: this.#session, text: this.#text };
    for (const [name, { control }] of Object.entries(chosen)) {
      if (control.value) {
        url.searchParams.set(name, control.value);
      } else {
        url.searchParams.delete(name);
      }
    }
    history.replaceState(null, '', url);
    this.#changed();
  }
}

function field(title, control) {
  control.id = newId('filter');
  control.name = title.toLowerCase();
  return { control, element: el('div', { class: 'field' }, el('label', { for: control.id }, title), control) };
}
