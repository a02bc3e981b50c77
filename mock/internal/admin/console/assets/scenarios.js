// The page of scenarios: which are active, in which order they are asked, what stands in
// their files, and where their state machines stand.

import './frame.js';
import { ask, askScoped } from './api.js';
import { askFirst } from './ask-first.js';
import { button, el, newId } from './element.js';
import { events } from './events.js';
import { announce, attempt } from './notice.js';
import { refresher } from './refresh.js';
import { ReloadReport } from './reload-report.js';
import { ScenarioRow } from './scenario-row.js';
import { scope, session, whom } from './scope.js';

const TIMES = [['', 'until it is deactivated'], ['5m', 'for 5 minutes'], ['30m', 'for 30 minutes'], ['2h', 'for 2 hours'], ['8h', 'for 8 hours'], ['24h', 'for a day']];

class ScenariosPage extends HTMLElement {
  #rows = new Map(); // by name

  #report = new ReloadReport();

  #filter = el('input', { id: newId('filter'), type: 'search', placeholder: 'Name, description or tag', input: () => this.#narrow() });

  #time = el('select', { id: newId('time') }, TIMES.map(([value, text]) => el('option', { value }, text)));

  #groups = {
    active: this.#group('Active', 'The uppermost is asked first.', 'No scenario is active.'),
    everybody: this.#group('Active for everybody', 'They are asked behind those of the session.'),
    always: this.#group('Always active', 'They are asked behind all others, in the order of their names.'),
    others: this.#group('Not active', ''),
  };

  #refresh = null;

  connectedCallback() {
    this.append(
      this.#report.element,
      el('div', { class: 'toolbar' },
        el('label', { for: this.#filter.id, class: 'spoken' }, 'Filter scenarios'), this.#filter,
        el('span', { class: 'pair' }, el('label', { for: this.#time.id }, 'Activate'), this.#time),
        button('Reset', () => this.#reset(), { class: 'danger' }),
        button('Reload files', () => this.#reload())),
      ...Object.values(this.#groups).map((g) => g.element));
    this.#refresh = refresher(() => this.#load(), ['change', 'reload', 'session']);
    for (const kind of ['reload', 'connected']) {
      events.addEventListener(kind, () => this.#rows.forEach((row) => row.renew()));
    }
    scope.addEventListener('scope', () => this.#rows.forEach((row) => row.renew()));
  }

  #group(title, note, empty) {
    const list = el(title.startsWith('Active') ? 'ol' : 'ul');
    const nothing = empty && el('p', { class: 'muted' }, empty);
    const element = el('section', { class: 'group', 'data-group': title }, el('h2', {}, title), note && el('p', { class: 'muted' }, note), nothing, list);
    return {
      element,
      show: (rows) => {
        element.hidden = rows.length === 0 && !empty;
        if (nothing) {
          nothing.hidden = rows.length > 0;
        }
        place(list, rows.map((r) => r.element));
      },
    };
  }

  async #load() {
    const id = session();
    const [{ scenarios, active }, everybody] = await Promise.all([askScoped('GET', 'scenarios'), id ? ask('GET', 'scenarios') : null, this.#report.load()]);
    const names = new Set(scenarios.map((s) => s.name));
    for (const name of this.#rows.keys()) {
      if (!names.has(name)) {
        this.#rows.delete(name);
      }
    }
    for (const s of scenarios) {
      if (!this.#rows.has(s.name)) {
        this.#rows.set(s.name, new ScenarioRow(s.name, () => this.#time.value, this.#refresh));
      }
      this.#rows.get(s.name).show(s, everybody?.active.find((a) => a.scenario === s.name), this.#report.findings);
    }
    const own = active.map((a) => a.scenario);
    const above = (everybody?.active ?? []).map((a) => a.scenario).filter((name) => !own.includes(name));
    const rows = (list) => list.map((name) => this.#rows.get(name)).filter(Boolean);
    const left = scenarios.filter((s) => !own.includes(s.name) && !above.includes(s.name));
    this.#groups.active.show(rows(own));
    this.#groups.everybody.show(rows(above));
    this.#groups.always.show(rows(left.filter((s) => s.default).map((s) => s.name)));
    this.#groups.others.show(rows(left.filter((s) => !s.default).map((s) => s.name)));
    this.#narrow();
  }

  #narrow() {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of this.#rows.values()) {
      row.element.hidden = !words.every((word) => row.text.includes(word));
    }
  }

  async #reset() {
    const id = session();
    const what = id ? `the session ${id}` : 'everybody';
    if (!await askFirst(`Reset ${what}? Active are then the scenarios of the start, no state or sequence has moved, and the journal has none of ${id ? 'its requests' : 'the requests without a session'}.`, 'Reset')) {
      return;
    }
    await attempt(async () => {
      await askScoped('POST', 'reset');
      announce(`Reset for ${whom(id)}.`);
    });
    this.#refresh();
  }

  async #reload() {
    await attempt(async () => {
      const done = await ask('POST', 'reload');
      announce(done.ok ? 'The files were reloaded.' : 'The reload failed: the mock goes on with what it had.');
    });
    this.#refresh();
  }
}

/** Puts elements in this order and leaves alone what stands right, so that the focus stays. */
function place(list, elements) {
  const focused = document.activeElement;
  for (const child of [...list.children]) {
    if (!elements.includes(child)) {
      child.remove();
    }
  }
  elements.forEach((element, i) => {
    if (list.children[i] !== element) {
      list.insertBefore(element, list.children[i] ?? null);
    }
  });
  if (focused?.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
}

customElements.define('scenarios-page', ScenariosPage);
