// The page of sessions: each has active scenarios, states and a journal of its own.

import './frame.js';
import { ask, mock } from './api.js';
import { askFirst } from './ask-first.js';
import { tag } from './chips.js';
import { button, copyButton, el, newId } from './element.js';
import { events } from './events.js';
import { announce, attempt } from './notice.js';
import { refresher } from './refresh.js';
import { choose, session } from './scope.js';

const MOST_SESSIONS = 200; // that are listed
const PATTERN = '[A-Za-z0-9._~\\-]{1,128}';
const IDLE = [['', 'never'], ['30m', '30 minutes without a request'], ['2h', '2 hours without a request'], ['24h', 'a day without a request']];

class SessionsPage extends HTMLElement {
  #sessions = [];

  #bases = [''];

  #filter = el('input', { id: newId('filter'), type: 'search', placeholder: 'Id or active scenario', input: () => this.#show() });

  #count = el('p', { class: 'muted', role: 'status' });

  #list = el('ul', { class: 'sessions' });

  #id = el('input', { id: newId('id'), type: 'text', pattern: PATTERN, required: true, autocomplete: 'off', spellcheck: 'false', title: 'Letters, digits, dots, dashes, underscores and tildes, 128 at most' });

  #idle = el('select', { id: newId('idle') }, IDLE.map(([value, text]) => el('option', { value }, text)));

  #start = el('select', { id: newId('start') });

  connectedCallback() {
    this.append(
      el('p', { class: 'muted' }, 'A session has active scenarios, states and a journal of its own. An app is in it when its requests begin with the address of the session, or carry its id in the header Understudy-Session.'),
      el('form', { class: 'card make', submit: (event) => { event.preventDefault(); this.#make(); } },
        el('h2', {}, 'New session'),
        el('div', { class: 'field' }, el('label', { for: this.#id.id }, 'Id'), this.#id),
        el('div', { class: 'field' }, el('label', { for: this.#start.id }, 'Scenario at its start'), this.#start),
        el('div', { class: 'field' }, el('label', { for: this.#idle.id }, 'Ends after'), this.#idle),
        el('p', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Make'))),
      el('div', { class: 'toolbar' }, el('label', { for: this.#filter.id, class: 'spoken' }, 'Filter sessions'), this.#filter, this.#count),
      this.#list);
    const refresh = refresher(() => this.#load(), ['session', 'change', 'reload']);
    events.addEventListener('exchange', ({ detail }) => {
      if (detail.session && !this.#sessions.some((s) => s.id === detail.session)) {
        refresh(); // a request has made it
      }
    });
  }

  async #load() {
    const [{ sessions }, { operations }, { scenarios }] = await Promise.all([ask('GET', 'sessions'), ask('GET', 'operations'), ask('GET', 'scenarios')]);
    this.#sessions = sessions.toSorted((a, b) => b.used.localeCompare(a.used));
    this.#bases = [...new Set(operations.flatMap((op) => op.bases))];
    const names = ['', ...scenarios.filter((s) => !s.default).map((s) => s.name)];
    if (JSON.stringify(names) !== JSON.stringify([...this.#start.options].map((o) => o.value))) {
      const chosen = this.#start.value;
      this.#start.replaceChildren(...names.map((name) => el('option', { value: name }, name || 'none')));
      this.#start.value = names.includes(chosen) ? chosen : '';
    }
    this.#show();
  }

  #show() {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const seen = this.#sessions.filter((s) => words.every((word) => [s.id, ...s.active].join(' ').toLowerCase().includes(word)));
    const shown = seen.slice(0, MOST_SESSIONS);
    const focused = this.#list.contains(document.activeElement) ? [document.activeElement.closest('li')?.dataset.session, document.activeElement.textContent] : null;
    this.#list.replaceChildren(...(shown.length > 0 ? shown.map((s) => this.#row(s)) : [el('li', { class: 'empty' }, this.#sessions.length > 0 ? 'No session fits the filter.' : 'There are no sessions.')]));
    if (focused) {
      [...this.#list.querySelectorAll('a, button')].find((e) => e.closest('li').dataset.session === focused[0] && e.textContent === focused[1])?.focus();
    }
    this.#count.textContent = [`${seen.length} of ${this.#sessions.length} sessions`, seen.length > shown.length && `the ${shown.length} used last are shown`].filter(Boolean).join(', ');
  }

  #row({ id, made, used, active, values, idle }) {
    const address = (base) => new URL(`__session/${id}${base}/`, mock).href;
    return el('li', { class: id === session() ? 'card session chosen' : 'card session', 'data-session': id },
      el('div', { class: 'what' },
        el('h3', { class: 'wrap' }, id),
        el('p', { class: 'muted' }, `Made ${when(made)}, last used ${when(used)}${idle ? `, ends after ${idle} without a request` : ''}`),
        el('p', { class: 'facts' }, active.length > 0 ? ['Active: ', active.map((name) => [tag(name), ' '])] : 'No scenario of its own is active', values > 0 && el('span', { class: 'muted' }, `, ${values} ${values === 1 ? 'state or sequence has' : 'states or sequences have'} moved`))),
      el('p', { class: 'actions' },
        id === session()
          ? button('Leave', () => { choose(''); this.#show(); }, { 'aria-label': `Go on for everybody, not in ${id}` })
          : button('Choose', () => { choose(id); this.#show(); }, { 'aria-label': `Go on in the session ${id}` }),
        button('Delete', () => this.#delete(id), { class: 'quiet danger', 'aria-label': `Delete the session ${id}` })),
      el('ul', { class: 'addresses' }, this.#bases.map((base) => el('li', {},
        el('a', { href: address(base), target: '_blank', rel: 'noopener', class: 'mono wrap' }, address(base)), ' ',
        copyButton('Copy', () => address(base).replace(/\/$/, ''), announce)))));
  }

  async #make() {
    const id = this.#id.value;
    const start = this.#start.value;
    await attempt(async () => {
      if (this.#sessions.some((s) => s.id === id) && !await askFirst(`There is a session ${id}. Make it anew?`, 'Make anew')) {
        return;
      }
      await ask('PUT', `sessions/${encodeURIComponent(id)}`, { json: { ...(start ? { scenarios: [start] } : {}), ...(this.#idle.value ? { idle: this.#idle.value } : {}) } });
      this.#id.value = '';
      announce(`The session ${id} is there.`);
      await this.#load();
    });
  }

  async #delete(id) {
    if (!await askFirst(`Delete the session ${id} with its states, its own scenarios and its requests in the journal?`, 'Delete')) {
      return;
    }
    await attempt(async () => {
      await ask('DELETE', `sessions/${encodeURIComponent(id)}`);
      if (id === session()) {
        choose('');
      }
      announce(`The session ${id} is deleted.`);
      await this.#load();
    });
  }
}

function when(text) {
  return new Date(text).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

customElements.define('sessions-page', SessionsPage);
