// One scenario in the list.

import { askScoped } from './api.js';
import { askFirst } from './ask-first.js';
import { tag } from './chips.js';
import { button, contents, el } from './element.js';
import { announce, attempt } from './notice.js';
import { session, whom } from './scope.js';
import { sourceView } from './source-view.js';
import { StateView } from './state-view.js';

export class ScenarioRow {
  /** What the filter looks at. */
  text = '';

  element;

  #name;

  #time;

  #refresh;

  #told = null; // as the list tells it

  #findings = [];

  #tags = el('span', { class: 'tags' });

  #description = el('p', { class: 'wrap' });

  #note = el('p', { class: 'note' });

  #actions = el('p', { class: 'actions' });

  #details = el('details', { toggle: () => this.#open() }, el('summary', {}, 'Source and states'));

  #content = el('div', { class: 'content' });

  #states = null;

  constructor(name, time, refresh) {
    this.#name = name;
    this.#time = time;
    this.#refresh = refresh;
    this.#details.append(this.#content);
    this.element = el('li', { class: 'card scenario', 'data-scenario': name },
      el('div', { class: 'what' }, el('h3', {}, el('span', { class: 'wrap' }, name), ' ', this.#tags), this.#description, this.#note),
      this.#actions, this.#details);
  }

  /** Shows what the list tells; everybody is its activation for everybody, in a session. */
  show(told, everybody, findings) {
    const changed = this.#told !== null && (this.#told.since !== told.since || this.#told.origin !== told.origin);
    this.#told = told;
    this.#findings = findings;
    this.text = [told.name, told.description, ...(told.tags ?? [])].join(' ').toLowerCase();
    const origins = { file: null, added: 'added', session: 'in this session alone' };
    this.#tags.replaceChildren(...contents([(told.tags ?? []).map(tag), origins[told.origin] && tag(origins[told.origin])]));
    this.#description.textContent = told.description ?? '';
    this.#note.textContent = told.active ? note(told) : everybody ? note(everybody) : '';
    this.element.classList.toggle('active', told.active || Boolean(everybody));
    this.#showActions(told);
    if (changed) {
      this.renew();
    }
  }

  #showActions({ active, origin }) {
    const wanted = JSON.stringify([active, origin, session() !== '']);
    if (this.#actions.dataset.shown === wanted) {
      return; // the focus stays
    }
    const focused = this.#actions.contains(document.activeElement);
    this.#actions.dataset.shown = wanted;
    const own = origin === (session() ? 'session' : 'added');
    this.#actions.replaceChildren(...contents([
      button(active ? 'Put on top' : 'Activate', () => this.#activate(), { class: active ? 'quiet' : null, 'aria-label': `${active ? 'Put on top and restart' : 'Activate'} ${this.#name}` }),
      active && button('Deactivate', () => this.#deactivate(), { 'aria-label': `Deactivate ${this.#name}` }),
      own && button('Remove', () => this.#remove(), { class: 'quiet danger', 'aria-label': `Remove ${this.#name}` }),
    ]));
    if (focused) {
      this.#actions.querySelector(active ? 'button:nth-of-type(2)' : 'button').focus();
    }
  }

  #path(rest = '') {
    return `scenarios/${encodeURIComponent(this.#name)}${rest}`;
  }

  async #activate() {
    const time = this.#time();
    const id = session();
    await attempt(async () => {
      await askScoped('POST', this.#path('/activate'), { json: time ? { for: time } : {} });
      announce(`${this.#name} is active for ${whom(id)}.`);
    });
    await this.#refresh();
  }

  async #deactivate() {
    const id = session();
    await attempt(async () => {
      await askScoped('POST', this.#path('/deactivate'));
      announce(`${this.#name} is not active any more for ${whom(id)}.`);
    });
    await this.#refresh();
  }

  async #remove() {
    if (!await askFirst(`Remove the scenario ${this.#name}? It stands in no file.`, 'Remove')) {
      return;
    }
    await attempt(async () => {
      await askScoped('DELETE', this.#path());
      announce(`${this.#name} is removed.`);
    });
    await this.#refresh();
  }

  /** Shows the file anew where it is shown: it may have changed. */
  renew() {
    if (this.#details.open) {
      this.#load();
    }
  }

  #open() {
    if (this.#details.open) {
      this.#load();
    } else {
      this.#states?.close();
      this.#states = null;
    }
  }

  async #load() {
    const told = await attempt(() => askScoped('GET', this.#path()));
    if (!told || !this.#details.open) {
      return;
    }
    this.#states?.close();
    this.#states = new StateView(told);
    this.#content.replaceChildren(
      this.#states.element,
      el('p', { class: 'muted wrap' }, `${told.file}, ${told.stubCount} ${told.stubCount === 1 ? 'stub' : 'stubs'}`),
      sourceView(told.text, told.file, this.#findings));
    await this.#states.load();
  }
}

function note({ by, since, until }) {
  const time = (text) => new Date(text).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return [`Active${since ? ` since ${time(since)}` : ''}`, by && `by ${by}`, until && `until ${time(until)}`].filter(Boolean).join(', ');
}
