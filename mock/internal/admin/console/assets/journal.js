// The page of the journal: a list of exchanges that grows as they come, filters, and the
// exchange that is open.

import './frame.js';
import './window-grid.js';
import { askScoped } from './api.js';
import { methodChip } from './chips.js';
import { el, button, newId } from './element.js';
import { events } from './events.js';
import { answerChip, exchangeView } from './exchange-view.js';
import { Filters } from './journal-filters.js';
import { announce, attempt, fail } from './notice.js';
import { saveAsScenario } from './save-scenario.js';
import { scope, whom } from './scope.js';
import { clock } from './words.js';

const FIRST_PAGE = 200;
const PAGE = 1000; // the most that the control plane gives at once
const MOST_ROWS = 10_000; // kept in the page
const TICK = 200; // ms between two looks at what is new

/** How an exchange went, with a sign that needs no colour. */
function verdict(row) {
  if (row.gap) {
    return ['unmatched', '✗', row.valid || row.gap !== 'violations' ? 'unmatched' : 'invalid'];
  }
  if (row.answerBreaks) {
    return ['broken', '▲', row.valid ? 'answer breaks' : 'both break'];
  }
  return row.valid ? ['fine', '✓', 'valid'] : ['broken', '▲', 'invalid'];
}

// Who answers at a step where neither a stub nor a problem does, nor the contract.
const ANSWERED = { upstream: 'the real API', 'client-gone': 'nobody' };

const COLUMNS = [
  { title: 'Time', name: 'time', cells: (row) => el('time', { datetime: row.arrived }, clock(row.arrived)) },
  { title: 'Method', name: 'method', cells: (row) => methodChip(row.method) },
  { title: 'Path', name: 'path', cells: (row) => el('span', { title: row.url }, row.url) },
  { title: 'Status', name: 'status', cells: (row) => answerChip(row) },
  {
    title: 'Request',
    name: 'verdict',
    cells: (row) => {
      const [name, sign, text] = verdict(row);
      return el('span', { class: name }, el('span', { 'aria-hidden': 'true' }, `${sign} `), text);
    },
  },
  { title: 'Operation', name: 'operation', cells: (row) => row.operation ?? '—' },
  { title: 'Answered by', name: 'by', cells: (row) => row.stub ?? row.problem ?? ANSWERED[row.step] ?? 'the contract' },
  { title: 'Session', name: 'session', cells: (row) => row.session ?? '—' },
];

class JournalPage extends HTMLElement {
  #grid = el('window-grid', { 'aria-label': 'Exchanges' });

  #filters = new Filters(() => this.#load());

  #count = el('p', { class: 'count', role: 'status' });

  #live = el('button', { type: 'button', 'aria-pressed': 'true', click: () => this.#pause() }, 'Live');

  #empty = el('p', { class: 'empty', hidden: true });

  #detail = el('div', { class: 'detail', hidden: true });

  #loading = null; // aborts what was asked for before

  #next = 0; // the cursor of older rows, 0 for none

  #newest = 0; // the number of the newest row

  #more = false; // older rows are on their way

  #wanted = ''; // the id of the exchange that is shown, or on its way

  #timer = 0;

  connectedCallback() {
    this.#grid.columns = COLUMNS;
    this.append(
      el('div', { class: 'bar' }, this.#filters.element,
        el('div', { class: 'toolbar' }, this.#count, this.#live, button('Empty', () => this.#clear(), { class: 'danger', title: 'Take the listed exchanges out of the journal' }))),
      el('div', { class: 'split' }, el('div', { class: 'list' }, this.#grid, this.#empty), this.#detail),
    );
    this.#grid.addEventListener('open', (event) => this.#open(event.detail.id));
    this.#grid.addEventListener('more', () => this.#older());
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.#detail.hidden) {
        event.preventDefault();
        this.#close();
      }
    });
    for (const kind of ['exchange', 'lost']) {
      events.addEventListener(kind, () => this.#soon());
    }
    events.addEventListener('connected', (event) => this.#connected(event.detail.again));
    events.addEventListener('session', () => this.#load());
    events.addEventListener('reload', () => this.#filters.load());
    events.addEventListener('change', (event) => ['reset', 'delete'].includes(event.detail.action) && this.#load());
    scope.addEventListener('scope', () => {
      this.#close();
      this.#filters.scoped();
      this.#load();
    });
  }

  #connected(again) {
    this.#filters.load();
    this.#load();
    const id = new URLSearchParams(location.search).get('exchange');
    if (id && !again) {
      this.#open(id);
    }
  }

  /** Asks for the newest rows in place of all that are there. */
  async #load() {
    this.#loading?.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    const query = this.#filters.query();
    if (query === null) {
      return;
    }
    try {
      const page = await askScoped('GET', this.#filters.path('exchanges/summaries'), { query: { ...query, limit: FIRST_PAGE }, signal });
      let older = 0; // what arrives meanwhile is not counted: #newer does that
      if (page.next) {
        older = (await askScoped('GET', this.#filters.path('exchanges/count'), { query: { ...query, before: page.next }, signal })).count;
      }
      this.#next = page.next ?? 0;
      this.#newest = page.requests[0]?.number ?? 0;
      this.#more = false;
      this.#show(page.requests, 0, page.requests.length + older);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error) {
    if (error.status === 409) { // no exchanges are kept at all
      this.#show([], 0, 0);
      this.#empty.textContent = error.message;
    } else if (error.name !== 'AbortError') {
      fail(error);
    }
  }

  #show(rows, added, total) {
    this.total = total;
    this.#grid.total = total;
    this.#grid.show(rows, added);
    const all = rows.length === total ? '' : `${rows.length.toLocaleString('en')} of `;
    this.#count.textContent = `${all}${total.toLocaleString('en')} ${total === 1 ? 'exchange' : 'exchanges'}`;
    this.#empty.hidden = rows.length > 0;
    this.#grid.hidden = rows.length === 0;
    this.#empty.textContent = this.#filters.narrowed() ? 'No exchange fits the filters.' : `No request of ${whom()} yet. Send one to the mock, and it appears here.`;
  }

  /** Looks at what is new, not more often than every tick. */
  #soon() {
    if (this.#timer === 0 && this.#live.ariaPressed === 'true') {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.#newer();
      }, TICK);
    }
  }

  async #newer() {
    const query = this.#filters.query();
    if (query === null) {
      return;
    }
    const { signal } = this.#loading ?? {};
    try {
      const page = await askScoped('GET', this.#filters.path('exchanges/summaries'), { query: { ...query, after: this.#newest, limit: PAGE }, signal });
      if (page.next) { // more than a page: begin anew
        await this.#load();
        return;
      }
      const fresh = page.requests.filter((row) => row.number > this.#newest);
      if (fresh.length === 0) {
        return;
      }
      this.#newest = fresh[0].number;
      let rows = fresh.concat(this.#grid.rows);
      if (rows.length > MOST_ROWS) {
        rows = rows.slice(0, MOST_ROWS);
        this.#next = rows.at(-1).number;
      }
      this.#show(rows, fresh.length, this.total + fresh.length);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Asks for older rows, as far as there is room. */
  async #older() {
    const query = this.#filters.query();
    if (this.#next === 0 || this.#more || query === null || this.#grid.rows.length >= MOST_ROWS) {
      return;
    }
    this.#more = true;
    const { signal } = this.#loading;
    try {
      const page = await askScoped('GET', this.#filters.path('exchanges/summaries'), { query: { ...query, before: this.#next, limit: PAGE }, signal });
      this.#next = page.next ?? 0;
      this.#more = false;
      this.#show(this.#grid.rows.concat(page.requests).slice(0, MOST_ROWS), 0, this.total);
    } catch (error) {
      this.#failed(error);
    }
  }

  #pause() {
    const live = this.#live.ariaPressed !== 'true';
    this.#live.ariaPressed = String(live);
    this.#live.textContent = live ? 'Live' : 'Paused';
    if (live) {
      this.#newer();
    }
  }

  /** Shows an exchange beside the list. */
  async #open(id) {
    this.#wanted = id;
    await attempt(async () => {
      const record = await askScoped('GET', `exchanges/${encodeURIComponent(id)}`);
      if (this.#wanted !== id) {
        return; // another one was opened meanwhile, or none is wanted any more
      }
      this.#detail.replaceChildren(exchangeView(record, [
        record.operation && button('Save as scenario', () => saveAsScenario(record), { class: 'primary' }),
      ], () => this.#close()));
      this.#detail.hidden = false;
      this.classList.add('open');
      this.#address(id);
      this.#grid.select(id);
      this.#detail.querySelector('h2').focus();
      this.#detail.scrollTop = 0;
    });
  }

  #close() {
    this.#wanted = '';
    if (this.#detail.hidden) {
      return;
    }
    this.#detail.hidden = true;
    this.#detail.replaceChildren();
    this.classList.remove('open');
    this.#address('');
    this.#grid.focus();
  }

  /** Puts the open exchange into the address, '' for none. */
  #address(id) {
    const url = new URL(location.href);
    if (id) {
      url.searchParams.set('exchange', id);
    } else {
      url.searchParams.delete('exchange');
    }
    history.replaceState(null, '', url);
  }

  /** Takes what the filters choose out of the journal, after a question. */
  #clear() {
    const heading = newId('empty');
    const what = this.#filters.narrowed() ? 'the exchanges that fit the filters' : `all exchanges of ${whom()}`;
    const dialog = el('dialog', { 'aria-labelledby': heading, close: () => dialog.remove() },
      el('form', {
        submit: async (event) => {
          event.preventDefault();
          dialog.close();
          const done = await attempt(() => askScoped('DELETE', this.#filters.path('exchanges'), { query: this.#filters.query() ?? {} }));
          if (done) {
            announce(`${done.deleted} taken out of the journal.`);
            this.#close();
            this.#load();
          }
        },
      },
      el('h2', { id: heading }, 'Empty the journal?'),
      el('p', {}, `This takes ${what} out of the journal. Verdicts and coverage stay as they are.`),
      el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'danger' }, 'Take out'), button('Cancel', () => dialog.close(), { autofocus: true }))));
    document.body.append(dialog);
    dialog.showModal();
  }
}

customElements.define('journal-page', JournalPage);
