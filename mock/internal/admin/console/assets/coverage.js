// The page of coverage: operations by statuses, with totals, and what is behind each row.

import './frame.js';
import { askScoped } from './api.js';
import { methodChip } from './chips.js';
import { coverageDetail } from './coverage-detail.js';
import { REACH, levelOf, reachSign } from './reach.js';
import { el, newId } from './element.js';
import { events } from './events.js';
import { refresher } from './refresh.js';
import { whom } from './scope.js';

const TICK = 1000; // ms between two looks at the counts, and
const SHARE = 20; // that many times as long as it takes to show them

const TOTALS = { operations: 'Operations', statuses: 'Statuses', mediaTypes: 'Media types', parameters: 'Parameters', security: 'Security', rows: 'Rows' };

class CoveragePage extends HTMLElement {
  #content = el('div', { class: 'content' });

  #text = el('input', { type: 'search', id: newId('find'), placeholder: 'Operation or path', input: () => this.#draw() });

  #missing = el('input', { type: 'checkbox', id: newId('missing'), change: () => this.#draw() });

  #report = null;

  #seen = ''; // the report as text, to find out whether it is another

  #open = new Set(); // the operations whose rows are open

  #timer = 0;

  #took = 0; // ms to show the report

  #refresh = null;

  connectedCallback() {
    this.append(
      el('div', { class: 'toolbar' },
        el('label', { for: this.#text.id, class: 'spoken' }, 'Find'), this.#text,
        el('label', { for: this.#missing.id, class: 'check' }, this.#missing, ' Only what is missing'),
        el('p', { class: 'legend' }, REACH.map((_, level) => reachSign(level)))),
      this.#content,
    );
    this.#refresh = refresher(() => this.#load(), ['reload', 'session']);
    for (const kind of ['exchange', 'lost']) {
      events.addEventListener(kind, () => this.#soon());
    }
    events.addEventListener('change', (event) => event.detail.action === 'reset' && this.#refresh());
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#refresh();
    }, Math.max(TICK, SHARE * this.#took));
  }

  async #load() {
    this.#report = await askScoped('GET', 'coverage');
    const seen = JSON.stringify([whom(), this.#report]);
    if (seen !== this.#seen) {
      this.#seen = seen;
      const begun = performance.now();
      this.#draw();
      this.#took = performance.now() - begun;
    }
  }

  /** Shows the report; what has the focus keeps it. */
  #draw() {
    const report = this.#report;
    if (!report) {
      return;
    }
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const across = this.#content.querySelector('.matrix')?.scrollLeft ?? 0;
    this.#content.replaceChildren(
      ...notes(report),
      totals(report.totals),
      ...report.apis.map((api) => this.#matrix(api, report.apis.length > 1)),
      scenarios(report.scenarios),
    );
    const matrix = this.#content.querySelector('.matrix');
    if (matrix) {
      matrix.scrollLeft = across;
    }
    if (focused) {
      [...this.querySelectorAll('[data-key]')].find((each) => each.dataset.key === focused)?.focus({ preventScroll: true });
    }
  }

  #shows(operation) {
    const wanted = this.#text.value.trim().toLowerCase();
    if (wanted && ![operation.name, operation.path, `${operation.method} ${operation.path}`].some((text) => text.toLowerCase().includes(wanted))) {
      return false;
    }
    return !this.#missing.checked || [...statusesOf(operation).values()].some((cell) => cell.conforming === 0);
  }

  #matrix(api, named) {
    const operations = api.operations.filter((op) => this.#shows(op));
    const statuses = [...new Set(api.operations.flatMap((op) => [...statusesOf(op).keys()]))].sort();
    const heading = `${api.title || api.name} ${api.version}`;
    return el('section', { class: 'api' },
      named && el('h2', { class: 'wrap' }, heading),
      operations.length === 0 && el('p', { class: 'empty' }, 'No operation fits.'),
      operations.length > 0 && el('div', { class: 'matrix', tabindex: '0', role: 'region', 'aria-label': `Coverage of ${heading}` },
        el('table', {},
          el('thead', {}, el('tr', {}, el('th', { scope: 'col', class: 'operation' }, 'Operation'), el('th', { scope: 'col', class: 'requests' }, 'Requests'), statuses.map((status) => el('th', { scope: 'col', class: 'status' }, status)))),
          operations.map((op) => this.#operation(api, op, statuses)))));
  }

  /** The line of an operation, and below it what is behind it where it is open. */
  #operation(api, op, statuses) {
    const key = `${api.name} ${op.name}`;
    const open = this.#open.has(key);
    const cells = statusesOf(op);
    const id = newId('behind');
    const toggle = () => {
      if (!this.#open.delete(key)) {
        this.#open.add(key);
      }
      this.#draw();
    };
    return el('tbody', { class: open ? 'open' : null },
      el('tr', {},
        el('th', { scope: 'row', class: 'operation' },
          el('button', { type: 'button', class: 'quiet', 'aria-expanded': String(open), 'aria-controls': open ? id : null, 'data-key': key, click: toggle },
            el('span', { class: 'turn', 'aria-hidden': 'true' }, open ? '▾' : '▸'), methodChip(op.method),
            el('span', { class: 'names' }, el('span', { class: 'mono path' }, op.path), !op.name.startsWith(`${op.method} `) && el('span', { class: 'muted name' }, op.name)))),
        el('td', { class: 'requests' }, op.requests.toLocaleString('en')),
        statuses.map((status) => this.#cell(cells.get(status), `${key} ${status}`, op, status, toggle))),
      open && el('tr', { class: 'behind' }, el('td', { colspan: String(statuses.length + 2), id }, coverageDetail(api, op))));
  }

  #cell(cell, key, op, status, toggle) {
    if (!cell) {
      return el('td', { class: 'none' }, el('span', { class: 'spoken' }, 'not described'));
    }
    const { name, sign, word } = REACH[levelOf(cell)];
    return el('td', { class: 'status' },
      el('button', { type: 'button', class: `cell ${name}`, 'data-key': key, 'aria-label': `${op.name}, status ${status}: ${word}, ${cell.reached} exchanges, ${cell.conforming} conforming`, click: toggle },
        el('span', { 'aria-hidden': 'true' }, sign), ' ', cell.conforming > 0 || cell.reached === 0 ? cell.conforming.toLocaleString('en') : cell.reached.toLocaleString('en')));
  }
}

/** The described statuses of an operation with what was reached of them. */
function statusesOf(operation) {
  const cells = new Map();
  for (const row of operation.rows) {
    const cell = cells.get(row.status) ?? { reached: 0, conforming: 0 };
    cell.reached += row.reached;
    cell.conforming += row.conforming;
    cells.set(row.status, cell);
  }
  return cells;
}

function notes(report) {
  const list = [`${report.requests.toLocaleString('en')} ${report.requests === 1 ? 'request' : 'requests'} of ${whom()}`];
  if (report.withoutOperation > 0) {
    list.push(`${report.withoutOperation.toLocaleString('en')} of them for no operation of the contract`);
  }
  return [
    el('p', { class: 'muted' }, `${list.join(', ')}.`),
    report.unchecked && el('p', { class: 'note' }, 'Requests are not checked (--validate off), so none is known to conform.'),
    report.incomplete && el('p', { class: 'note' }, 'The counts of sessions were given up for lack of room; those of this one may lack requests.'),
  ].filter(Boolean);
}

function totals(list) {
  return el('ul', { class: 'totals' }, Object.entries(TOTALS).filter(([kind]) => list[kind]?.total > 0).map(([kind, title]) => {
    const t = list[kind];
    const bar = el('span', { class: 'bar', 'aria-hidden': 'true' }, el('span', { class: 'part conforming' }), el('span', { class: 'part reached' }));
    bar.children[0].style.inlineSize = `${(100 * t.conforming) / t.total}%`;
    bar.children[1].style.inlineSize = `${(100 * (t.reached - t.conforming)) / t.total}%`;
    return el('li', { class: 'card', 'data-kind': kind }, el('span', { class: 'title' }, title), el('strong', {}, `${t.percent} %`), bar,
      el('span', { class: 'muted' }, `${t.conforming} of ${t.total} conforming, ${t.reached} reached`));
  }));
}

function scenarios(list) {
  const silent = list.filter((s) => s.answered === 0);
  return el('section', { class: 'card silent' }, el('h2', {}, 'Scenarios'),
    el('p', {}, list.length === 0 ? 'There are none.' : `${list.length - silent.length} of ${list.length} have answered.`),
    silent.length > 0 && el('details', {}, el('summary', {}, `${silent.length} have never answered`), el('ul', { class: 'names' }, silent.map((s) => el('li', { class: 'mono wrap' }, s.name)))));
}

customElements.define('coverage-page', CoveragePage);
