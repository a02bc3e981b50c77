// Shows the scenario file that answers as an exchange was answered, to be copied,
// downloaded or added to the mock.

import { askScoped } from './api.js';
import { el, button, copyButton, newId } from './element.js';
import { announce, attempt } from './notice.js';
import { whom } from './scope.js';

/** Opens a dialog for a record of the journal. */
export async function saveAsScenario({ id, operation, response }) {
  const name = `saved/${operation.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}-${response.fault ?? response.status}`;
  const text = await attempt(() => askScoped('GET', `exchanges/${encodeURIComponent(id)}/scenario`));
  if (text !== undefined) {
    open(name, text);
  }
}

function open(suggested, text) {
  const heading = newId('save');
  const yaml = el('textarea', { id: newId('yaml'), rows: '14', spellcheck: 'false', value: text });
  const name = el('input', { id: newId('name'), required: true, pattern: '[A-Za-z0-9._\\/\\-]+', maxlength: '200', value: suggested });
  const wrong = el('div', { role: 'alert' });
  const dialog = el('dialog', { class: 'save', 'aria-labelledby': heading, close: () => dialog.remove() },
    el('form', {
      submit: async (event) => {
        event.preventDefault();
        wrong.replaceChildren();
        try {
          await askScoped('POST', 'scenarios', { query: { name: name.value }, yaml: yaml.value });
          announce(`The scenario ${name.value} is added and active for ${whom()}.`);
          dialog.close();
        } catch (error) {
          wrong.replaceChildren(el('p', { class: 'wrong' }, error.message), ...(error.problem?.text ? [el('pre', { tabindex: '0' }, error.problem.text)] : []));
        }
      },
    },
    el('h2', { id: heading }, 'Save as scenario'),
    el('p', { class: 'muted' }, 'This file answers as the request was answered. Put it into the scenarios folder, or try it in the running mock.'),
    el('label', { for: name.id }, 'Name'), name,
    el('label', { for: yaml.id }, 'Scenario file'), yaml,
    wrong,
    el('div', { class: 'actions' },
      copyButton('Copy', () => yaml.value, announce),
      button('Download', () => download(`${name.value.split('/').at(-1)}.yaml`, yaml.value)),
      el('button', { type: 'submit', class: 'primary' }, 'Add to the mock'),
      button('Close', () => dialog.close()))));
  document.body.append(dialog);
  dialog.showModal();
  yaml.focus();
  yaml.setSelectionRange(0, 0);
  yaml.scrollTop = 0;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  el('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
