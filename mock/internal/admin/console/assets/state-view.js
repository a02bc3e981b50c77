// The states and sequences of a scenario, with where they stand and a way to move them.

import { askScoped } from './api.js';
import { button, el, newId } from './element.js';
import { events } from './events.js';
import { machineView } from './machine-view.js';
import { announce, attempt } from './notice.js';

const MOST_KEYS = 100; // that are listed
const PAUSE = 150; // ms in which events are gathered

export class StateView {
  element = el('div', { class: 'states' });

  #scenario;

  #timer = 0;

  #later = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), PAUSE);
  };

  #shown = '';

  #newKeys = new Map(); // the fields for other keys, by state

  constructor(scenario) {
    this.#scenario = scenario;
    for (const kind of ['exchange', 'change']) {
      events.addEventListener(kind, this.#later);
    }
  }

  close() {
    clearTimeout(this.#timer);
    for (const kind of ['exchange', 'change']) {
      events.removeEventListener(kind, this.#later);
    }
  }

  async load() {
    const told = await attempt(() => askScoped('GET', 'state', { query: { scenario: this.#scenario.name } }));
    const shown = JSON.stringify(told);
    if (!told || shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.jump : null;
    this.element.replaceChildren(
      ...told.machines.map((m) => this.#machine(m)),
      ...(told.sequences.length > 0 ? [this.#sequences(told.sequences)] : []));
    if (focused) {
      [...this.element.querySelectorAll('[data-jump]')].find((e) => e.dataset.jump === focused)?.focus();
    }
  }

  #machine({ state, values, keyed, instances }) {
    const drawn = this.#scenario.states.find((m) => m.name === state) ?? { name: state, values, transitions: [] };
    const current = keyed ? null : instances[0]?.value ?? values[0];
    const counts = new Map();
    for (const { value } of keyed ? instances : []) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const rows = keyed ? instances.slice(0, MOST_KEYS).map(({ key, value }) => this.#row(state, values, key, value)) : [this.#row(state, values, '', current)];
    return el('section', { class: 'state', 'data-state': state },
      el('h4', {}, 'State ', el('code', {}, state)),
      machineView(drawn, counts, current),
      el('ul', {}, rows),
      instances.length > MOST_KEYS && el('p', { class: 'muted' }, `and ${instances.length - MOST_KEYS} more keys`),
      keyed && el('p', { class: 'muted' }, instances.length === 0 ? `Every key is at ${values[0]}.` : `Every other key is at ${values[0]}.`),
      keyed && this.#another(state, values));
  }

  #row(state, values, key, value) {
    return el('li', {}, key !== '' && el('code', { class: 'wrap' }, key), this.#choices(state, values, () => key, value, key));
  }

  #choices(state, values, key, current, label) {
    return el('span', { class: 'chips', role: 'group', 'aria-label': label ? `${state} of ${label}` : state }, values.map((value) => button(value, () => this.#jump({ state, key: key(), value }), {
      class: 'jump', 'aria-pressed': current === undefined ? null : String(value === current), 'data-jump': JSON.stringify([state, label, value]),
    })));
  }

  /** Moves a key that has not moved yet. */
  #another(state, values) {
    const field = this.#newKeys.get(state) ?? el('input', { id: newId('key'), type: 'text', placeholder: 'another key', 'aria-label': `Another key of ${state}`, 'data-jump': JSON.stringify([state]) });
    this.#newKeys.set(state, field);
    return el('p', { class: 'actions another' }, field, this.#choices(state, values, () => field.value, undefined, 'another key'));
  }

  async #jump({ state, key, value }) {
    await attempt(async () => {
      await askScoped('PUT', 'state', { json: { scenario: this.#scenario.name, state, value, ...(key === '' ? {} : { key }) } });
      announce(`${state}${key ? ` of ${key}` : ''} is ${value}.`);
      if (this.#newKeys.get(state)?.value === key) {
        this.#newKeys.get(state).value = '';
      }
    });
    await this.load();
  }

  #sequences(list) {
    return el('section', { class: 'state' }, el('h4', {}, 'Sequences'),
      el('ul', {}, list.map(({ operation, stub, position, steps, atEnd }) => {
        const field = el('input', { type: 'number', min: '0', value: position, 'aria-label': `Answers that ${stub} has given`, 'data-jump': JSON.stringify([operation, stub]) });
        return el('li', {},
          el('code', { class: 'wrap' }, stub), el('span', { class: 'muted' }, ` ${operation}: `),
          el('form', { class: 'inline', submit: (event) => { event.preventDefault(); this.#move(operation, stub, Number(field.value)); } },
            field, ` of ${steps} answers given, then ${atEnd} `, el('button', { type: 'submit' }, 'Set')));
      })));
  }

  async #move(operation, stub, position) {
    await attempt(async () => {
      await askScoped('PUT', 'state', { json: { scenario: this.#scenario.name, stub, operation, position } });
      announce(`${stub} has given ${position} answers.`);
    });
    await this.load();
  }
}
