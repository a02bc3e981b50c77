// Tries an operation: a request that the contract gives, which may be changed, and what
// the mock answers to it, with the reason.

import { ask, mock, root, scoped } from './api.js';
import { methodChip, pathText, statusChip } from './chips.js';
import { button, contents, copyButton, el, newId } from './element.js';
import { layOut } from './json-lines.js';
import { announce, attempt } from './notice.js';
import { asCurl, asFetch } from './request-text.js';
import { session, whom, withSession } from './scope.js';

// Headers that a browser sets itself and a page cannot (Fetch, "forbidden request-header").
const BROWSERS_OWN = /^(accept-(charset|encoding)|access-control-.*|connection|content-length|cookie2|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;

/** Opens a dialog for an operation of the list of operations. */
export async function tryOut(operation) {
  const details = await attempt(() => ask('GET', `operations/${encodeURIComponent(operation.id)}`));
  if (details) {
    new Trial(details).open();
  }
}

class Trial {
  #operation;

  #url;

  #headers;

  #body;

  #bytes = null; // the body where it is no text

  #why = el('p', { class: 'muted' });

  #result = el('section', { class: 'result stack', 'aria-live': 'polite', 'aria-label': 'Answer' });

  #dialog;

  constructor(operation) {
    this.#operation = operation;
    const heading = newId('try');
    const ids = { url: newId('url'), headers: newId('headers'), body: newId('body'), media: newId('media') };
    this.#url = el('input', { id: ids.url, type: 'text', class: 'mono', spellcheck: 'false', required: true });
    this.#headers = el('textarea', { id: ids.headers, rows: '3', spellcheck: 'false', placeholder: 'Name: value' });
    this.#body = el('textarea', { id: ids.body, rows: '8', spellcheck: 'false' });
    const types = operation.requestMediaTypes;
    const media = el('select', { id: ids.media, change: () => this.#choose(media.value) }, types.map((name) => el('option', { value: name }, name)));
    const send = el('button', { type: 'submit', class: 'primary' }, 'Send');
    this.#dialog = el('dialog', { class: 'try', 'aria-labelledby': heading, close: () => this.#dialog.remove() },
      el('form', { submit: (event) => { event.preventDefault(); this.#send(); } },
        el('header', { class: 'bar' },
          el('h2', { id: heading }, 'Try ', operation.name),
          button('Close', () => this.#dialog.close(), { class: 'quiet' })),
        el('p', {}, methodChip(operation.method), ' ', pathText(operation.path), el('span', { class: 'muted' }, ` for ${whom()}`)),
        this.#why,
        el('div', { class: 'field' }, el('label', { for: ids.url }, 'Address'), this.#url),
        el('div', { class: 'field' }, el('label', { for: ids.headers }, 'Headers, one in a line'), this.#headers),
        types.length > 1 && el('div', { class: 'field' }, el('label', { for: ids.media }, 'Media type of the body'), media),
        types.length > 0 && el('div', { class: 'field' }, el('label', { for: ids.body }, 'Body'), this.#body),
        el('p', { class: 'actions' }, send,
          copyButton('Copy as curl', () => asCurl(this.#request()), announce),
          copyButton('Copy as fetch', () => asFetch(this.#request()), announce))),
      this.#result);
    this.#fill(operation);
    this.#body.addEventListener('input', () => { this.#bytes = null; });
    if (operation.request?.headers['Content-Type']) {
      media.value = types.find((name) => name === operation.request.headers['Content-Type'][0]) ?? types[0];
    }
  }

  open() {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  async #choose(mediaType) {
    const details = await attempt(() => ask('GET', `operations/${encodeURIComponent(this.#operation.id)}`, { query: { mediaType } }));
    if (details) {
      this.#fill(details);
    }
  }

  /** Writes the request of the contract into the fields. */
  #fill({ request, noRequest, example }) {
    const path = request?.path ?? example;
    const id = session();
    this.#url.value = new URL((id ? `__session/${id}` : '').concat(path).replace(/^\//, ''), mock).href;
    this.#headers.value = Object.entries(request?.headers ?? {}).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)).join('\n');
    this.#bytes = request?.base64 ? Uint8Array.from(atob(request.base64), (c) => c.charCodeAt(0)) : null;
    this.#body.value = this.#bytes ? `(${this.#bytes.length} bytes)` : layOut(request?.body ?? '');
    const own = this.#lines().map(([name]) => name).filter((name) => BROWSERS_OWN.test(name));
    this.#why.replaceChildren(...contents([
      noRequest && `No request was found that keeps to the contract: ${noRequest}`,
      own.length > 0 && `The browser sends ${own.join(', ')} itself, and not as it stands here: copy the request as curl.`,
    ]));
  }

  #lines() {
    return this.#headers.value.split('\n').filter((line) => line.trim() !== '').map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    });
  }

  #request() {
    const text = this.#body.value;
    return { method: this.#operation.method, url: this.#url.value, headers: this.#lines(), body: this.#bytes ?? (text === '' ? null : text) };
  }

  async #send() {
    this.#result.replaceChildren(el('p', { class: 'muted' }, 'Waiting for the answer'));
    const request = this.#request();
    const trace = newTrace();
    const begun = performance.now();
    try {
      const response = await send(request, trace);
      const took = performance.now() - begun;
      if (response.type === 'opaqueredirect') { // the browser does not show it to pages
        this.#result.replaceChildren(...await recorded(trace, 'The browser does not show redirects to pages.'));
      } else {
        this.#result.replaceChildren(...await shown(response, took));
      }
    } catch (error) {
      const elsewhere = new URL(request.url).origin !== location.origin;
      this.#result.replaceChildren(...await recorded(trace, `The browser got no answer: ${error.message}.${elsewhere ? ' The mock has another address than this page: --cors-origin must admit it.' : ''}`));
    }
  }
}

/** A W3C traceparent, by which the journal finds the request. */
function newTrace() {
  const hex = (n) => Array.from(crypto.getRandomValues(new Uint8Array(n)), (b) => b.toString(16).padStart(2, '0')).join('');
  return { id: hex(16), span: hex(8) };
}

async function send({ method, url, headers, body }, trace) {
  const cookies = headers.filter(([name]) => name.toLowerCase() === 'cookie').flatMap(([, value]) => value.split(/;\s*/));
  const list = new Headers({ traceparent: `00-${trace.id}-${trace.span}-01` });
  for (const [name, value] of headers.filter(([name]) => name.toLowerCase() !== 'cookie' && !BROWSERS_OWN.test(name))) {
    list.append(name, value);
  }
  for (const cookie of cookies) { // the only way in which a page can send one
    document.cookie = `${cookie}; path=/; max-age=60; samesite=lax`;
  }
  try {
    return await fetch(url, { method, headers: list, body, redirect: 'manual', cache: 'no-store', credentials: cookies.length > 0 ? 'include' : 'omit' });
  } finally {
    for (const cookie of cookies) {
      document.cookie = `${cookie.split('=')[0]}=; path=/; max-age=0`;
    }
  }
}

/** What a page can see of an answer. */
async function shown(response, took) {
  const headers = [...response.headers];
  const type = response.headers.get('Content-Type') ?? '';
  const data = await response.arrayBuffer();
  return answer({
    status: response.status,
    took,
    why: response.headers.get('Understudy-Why'),
    scenario: response.headers.get('Understudy-Scenario'),
    violations: response.headers.get('Understudy-Violations'),
    id: response.headers.get('Understudy-Request-Id'),
    headers: headers.filter(([name]) => !/^access-control-|^vary$/.test(name)),
    body: bodyText(data, type),
  });
}

function bodyText(data, type) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    return /json/.test(type) ? layOut(text) : text;
  } catch {
    return `(${data.byteLength} bytes of ${type || 'no stated type'})`;
  }
}

/** What the journal knows of an answer that the page cannot see. */
async function recorded(trace, why) {
  const note = el('p', { class: 'muted' }, why);
  try {
    const { requests } = await ask('GET', scoped('exchanges'), { query: { text: trace.id, limit: 1 } });
    if (requests.length === 0) {
      return [note];
    }
    const { id, response, decision } = requests[0];
    return [note, ...answer({
      status: response.fault ?? response.status,
      why: decision.why,
      scenario: decision.scenario,
      id,
      headers: Object.entries(response.headers ?? {}).flatMap(([name, values]) => values.map((value) => [name, value])),
      body: layOut(response.body?.text ?? ''),
    })];
  } catch {
    return [note];
  }
}

function answer({ status, took, why, scenario, violations, id, headers, body }) {
  return contents([
    el('h3', {}, 'Answer ', statusChip(status), took !== undefined && el('span', { class: 'muted' }, ` in ${Math.round(took)} ms`)),
    el('dl', { class: 'facts' },
      why && [el('dt', {}, 'Why'), el('dd', { class: 'why' }, why)],
      scenario && [el('dt', {}, 'Scenario'), el('dd', {}, scenario)],
      violations && [el('dt', {}, 'Violations'), el('dd', { class: 'wrong' }, violations)]),
    body ? el('pre', { class: 'body', tabindex: '0', 'aria-label': 'Body of the answer' }, body) : el('p', { class: 'muted' }, 'No body'),
    el('details', {}, el('summary', {}, `${headers.length} headers`), el('pre', { tabindex: '0' }, headers.map(([name, value]) => `${name}: ${value}`).join('\n'))),
    id && el('p', {}, el('a', { href: withSession(new URL(`console/journal?exchange=${encodeURIComponent(id)}`, root)), target: '_blank', rel: 'noopener' }, 'Look at it in the journal')),
  ]);
}
