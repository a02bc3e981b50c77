// One operation in the list: its statuses as buttons, and its examples.

import { ask, askScoped } from './api.js';
import { methodChip, pathText, statusClass, tag } from './chips.js';
import { button, contents, el, newId } from './element.js';
import { announce, attempt } from './notice.js';
import { session, whom } from './scope.js';
import { tryOut } from './try.js';

export class OperationRow {
  /** What the operation was made to answer, null for nothing. */
  answer = null;

  /** What the filter looks at. */
  text;

  element;

  #operation;

  #refresh;

  #note = el('p', { class: 'note' });

  #buttons = []; // of the statuses and, once they are shown, the examples: {element, wanted}

  #examples = el('div', { class: 'examples' });

  #loaded = false;

  constructor(operation, refresh) {
    this.#operation = operation;
    this.#refresh = refresh;
    const { method, path, name, summary, tags = [], statuses, deprecated } = operation;
    this.text = [method, path, name, summary, ...tags].join(' ').toLowerCase();
    const heading = newId('operation');
    this.element = el('li', { class: 'card operation', 'data-operation': operation.id },
      el('div', { class: 'what' },
        el('h3', { id: heading }, methodChip(method), pathText(path)),
        el('p', { class: 'muted wrap' }, el('span', { class: 'name' }, name), summary && ` · ${summary}`, deprecated && [' ', tag('deprecated')])),
      el('div', { class: 'answers' },
        el('div', { class: 'chips', role: 'group', 'aria-label': `Answer of ${name}` }, statuses.map((status) => this.#button({ status }, status))),
        button('Try it', () => tryOut(operation), { class: 'try quiet', 'aria-label': `Try ${name}` })),
      this.#note,
      el('details', { toggle: (event) => event.target.open && this.#load() },
        el('summary', {}, 'Examples and media types'), this.#examples));
  }

  /** A button that makes the operation answer something, and releases it again. */
  #button(wanted, text) {
    const element = button(text, () => this.#press(wanted), {
      class: `answer ${statusClass(wanted.status)}`,
      'aria-pressed': 'false',
      'aria-label': ['Answer', wanted.status, wanted.mediaType, wanted.example && `example ${wanted.example}`].filter(Boolean).join(' '),
      'data-status': wanted.status,
      'data-media-type': wanted.mediaType,
      'data-example': wanted.example,
    });
    this.#buttons.push({ element, wanted });
    return element;
  }

  #holds({ status, mediaType, example }) {
    const a = this.answer;
    return a !== null && a.status === status && (mediaType === undefined || a.mediaType === mediaType) && (mediaType === undefined || a.example === example);
  }

  /** Tells whether it was forced where the page is: not by everybody in a session. */
  isOwn() {
    return this.answer !== null && (session() === '' || this.answer.for === 'session');
  }

  #path() {
    return `operations/${encodeURIComponent(this.#operation.id)}/answer`;
  }

  release() {
    return askScoped('DELETE', this.#path());
  }

  async #press(wanted) {
    const id = session();
    await attempt(async () => {
      if (this.#holds(wanted) && this.isOwn()) {
        await this.release();
        announce(`${this.#operation.name} is released for ${whom(id)}.`);
        return;
      }
      await askScoped('PUT', this.#path(), { json: wanted });
      announce(`${this.#operation.name} answers ${wanted.status} for ${whom(id)}.`);
    });
    await this.#refresh();
  }

  /** Shows what the operation was made to answer. */
  show(operation) {
    this.answer = operation.answer ?? null;
    for (const { element, wanted } of this.#buttons) {
      const pressed = this.#holds(wanted);
      element.setAttribute('aria-pressed', pressed);
      element.classList.toggle('inherited', pressed && !this.isOwn());
    }
    this.element.classList.toggle('forced', this.answer !== null);
    this.#note.replaceChildren(...(this.answer ? this.#tell(this.answer) : []));
  }

  #tell({ status, example, mediaType, by, since, below, for: forWhom }) {
    return contents([
      'Answers ', el('strong', {}, [status, example && `example ${example}`, mediaType].filter(Boolean).join(', ')),
      ` for ${forWhom === 'session' ? 'this session' : 'everybody'}`,
      by && `, forced by ${by}`, since && ` at ${new Date(since).toLocaleTimeString()}`, '.',
      below && el('span', { class: 'below' }, ` The scenario ${below} is asked first.`),
    ]);
  }

  async #load() {
    if (this.#loaded) {
      return;
    }
    this.#loaded = true;
    const details = await attempt(() => ask('GET', `operations/${encodeURIComponent(this.#operation.id)}`));
    if (!details) {
      this.#loaded = false;
      return;
    }
    this.#examples.replaceChildren(...details.responses.map((r) => this.#response(r)));
    this.#refresh();
  }

  #response({ status, description, sends, mediaTypes }) {
    return el('div', { class: 'response' },
      el('h4', {}, status, String(sends) !== status && el('span', { class: 'muted' }, ` sent as ${sends}`), description && el('span', { class: 'muted' }, ` ${description}`)),
      mediaTypes.length === 0 && el('p', { class: 'muted' }, 'No body'),
      mediaTypes.map(({ mediaType, examples }) => el('div', { class: 'media' },
        el('code', { class: 'wrap' }, mediaType),
        el('span', { class: 'chips', role: 'group', 'aria-label': `${status} as ${mediaType}` },
          this.#button({ status, mediaType }, examples.length > 0 ? 'first example' : 'example or generated'),
          examples.map((e) => this.#button({ status, mediaType, example: e.name }, e.name))))));
  }
}
