// The states and sequences of a scenario, with where they stand and a way to move them.

import { askScoped } from './api.js';
import { button, el } from './element.js';
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
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.load();
    }, PAUSE);
  };

  #machines = new Map(); // what is shown of each, by state

  #sequences = new Map(); // the same, by operation and stub

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

  /** Shows where all stands. Elements stay, and with them the focus and what is being typed. */
  async load() {
    const told = await attempt(() => askScoped('GET', 'state', { query: { scenario: this.#scenario.name } }));
    for (const machine of told?.machines ?? []) {
      if (!this.#machines.has(machine.state)) {
        this.#machines.set(machine.state, new MachineRows(this.#scenario, machine, (to) => this.#jump(to)));
        this.element.append(this.#machines.get(machine.state).element);
      }
      this.#machines.get(machine.state).show(machine);
    }
    for (const sequence of told?.sequences ?? []) {
      const id = JSON.stringify([sequence.operation, sequence.stub]);
      if (!this.#sequences.has(id)) {
        this.#sequences.set(id, new SequenceRow(sequence, (to) => this.#move(to)));
        this.element.append(this.#sequences.get(id).element);
      }
      this.#sequences.get(id).show(sequence);
    }
  }

  async #jump({ state, key, value }) {
    await attempt(async () => {
      await askScoped('PUT', 'state', { json: { scenario: this.#scenario.name, state, value, ...(key === '' ? {} : { key }) } });
      announce(`${state}${key ? ` of ${key}` : ''} is ${value}.`);
    });
    await this.load();
  }

  async #move({ operation, stub, position }) {
    await attempt(async () => {
      await askScoped('PUT', 'state', { json: { scenario: this.#scenario.name, stub, operation, position } });
      announce(`${stub} has given ${position} answers.`);
    });
    await this.load();
  }
}

/** A button for each value. */
function choices(state, values, label, press) {
  return el('span', { class: 'chips', role: 'group', 'aria-label': label ? `${state} of ${label}` : state },
    values.map((value) => button(value, () => press(value), { class: 'jump', 'data-value': value })));
}

/** A state machine: its picture, and a row for each key that has moved. */
class MachineRows {
  element;

  #drawn;

  #machine;

  #press;

  #picture = el('div');

  #list = el('ul');

  #note = el('p', { class: 'muted' });

  #rows = new Map(); // by key

  #shown = '';

  constructor(scenario, machine, press) {
    const { state, values, keyed } = machine;
    this.#machine = machine;
    this.#press = press;
    this.#drawn = scenario.states.find((m) => m.name === state) ?? { name: state, values, transitions: [] };
    const field = el('input', { type: 'text', placeholder: 'another key', 'aria-label': `Another key of ${state}` });
    const another = keyed && el('p', { class: 'actions another' }, field, choices(state, values, 'another key', (value) => {
      press({ state, key: field.value, value });
      field.value = '';
    }));
    this.element = el('section', { class: 'state', 'data-state': state }, el('h4', {}, 'State ', el('code', {}, state)), this.#picture, this.#list, keyed && this.#note, another);
  }

  show({ values, keyed, instances }) {
    const shown = JSON.stringify(instances);
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const counts = new Map();
    for (const { value } of keyed ? instances : []) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const current = keyed ? null : instances[0]?.value ?? values[0];
    this.#picture.replaceChildren(machineView(this.#drawn, counts, current));
    const listed = keyed ? instances.slice(0, MOST_KEYS) : [{ key: '', value: current }];
    for (const key of [...this.#rows.keys()].filter((k) => !listed.some((i) => (i.key ?? '') === k))) {
      this.#rows.get(key).remove();
      this.#rows.delete(key);
    }
    for (const { key = '', value } of listed) {
      const row = this.#rows.get(key) ?? this.#add(key);
      row.querySelectorAll('button').forEach((b) => b.setAttribute('aria-pressed', b.dataset.value === value));
    }
    const more = instances.length - listed.length;
    this.#note.textContent = [more > 0 && `There are ${more} more keys.`, `Every ${instances.length > 0 ? 'other ' : ''}key is at ${values[0]}.`].filter(Boolean).join(' ');
  }

  #add(key) {
    const { state, values } = this.#machine;
    const row = el('li', {}, key !== '' && el('code', { class: 'wrap' }, key), choices(state, values, key, (value) => this.#press({ state, key, value })));
    this.#rows.set(key, row);
    this.#list.append(row);
    return row;
  }
}

/** A sequence with its position, which can be set. */
class SequenceRow {
  element;

  #field;

  constructor({ operation, stub, steps, atEnd }, move) {
    this.#field = el('input', { type: 'number', min: '0', 'aria-label': `Answers that ${stub} has given` });
    this.element = el('section', { class: 'state' }, el('h4', {}, 'Sequence ', el('code', { class: 'wrap' }, stub)),
      el('form', { class: 'inline', submit: (event) => { event.preventDefault(); move({ operation, stub, position: Number(this.#field.value) }); } },
        this.#field, ` of ${steps} answers given, then ${atEnd} `, el('button', { type: 'submit' }, 'Set')));
  }

  show({ position }) {
    if (document.activeElement !== this.#field) { // somebody may be typing
      this.#field.value = position;
    }
  }
}
