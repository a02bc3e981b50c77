// Tells of the last reload, where it failed: what is wrong, in the place where it stands.

import { ask } from './api.js';
import { contents, el } from './element.js';
import { finding, place, sourceView } from './source-view.js';

export class ReloadReport {
  element = el('section', { class: 'reload', hidden: true, 'aria-label': 'The last reload' });

  /** The findings of the last reload, where it succeeded: they are about what is served. */
  findings = [];

  #shown = '';

  async load() {
    const { reload, sources } = await ask('GET', 'reload');
    this.findings = reload?.ok ? reload.findings ?? [] : [];
    this.element.hidden = !reload || (reload.ok && !reload.dropped && !reload.undone);
    const shown = JSON.stringify([reload, sources]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.element.replaceChildren(...(this.element.hidden ? [] : tell(reload, sources)));
    }
  }
}

function headline(reload, at) {
  if (!reload.ok) return `The reload at ${at} failed`;
  return reload.undone ? `The reload at ${at} was done in part` : `Scenarios were dropped at ${at}`;
}

function tell(reload, sources) {
  const list = reload.findings ?? [];
  const elsewhere = list.filter((f) => !sources.some((s) => s.file === f.file));
  const at = new Date(reload.time).toLocaleTimeString();
  return contents([
    el('h2', {}, headline(reload, at)),
    reload.undone && el('pre', { tabindex: '0' }, reload.undone),
    !reload.ok && el('p', {}, 'The mock goes on with what it had before.'),
    list.length === 0 && reload.text && el('pre', { tabindex: '0' }, reload.text),
    elsewhere.map((f) => el('div', {}, el('span', { class: 'muted' }, place(f)), finding(f))),
    sources.map(({ file, text }) => el('details', { open: list.some((f) => f.file === file && f.severity === 'error') },
      el('summary', {}, file), sourceView(text, file, list))),
    (reload.dropped ?? []).map((d) => el('div', {}, el('p', {}, `${d.scenario}${d.session ? ` of the session ${d.session}` : ''} does not fit what is served now:`), el('pre', { tabindex: '0' }, d.text))),
  ]);
}
