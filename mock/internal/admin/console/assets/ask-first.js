// Asks people before something is done that cannot be taken back.

import { button, el, newId } from './element.js';

/** Gives whether the person agrees; verb is what the button says. */
export function askFirst(question, verb) {
  return new Promise((resolve) => {
    const id = newId('question');
    let agreed = false;
    const dialog = el('dialog', { class: 'question', 'aria-labelledby': id, close: () => { dialog.remove(); resolve(agreed); } },
      el('div', { class: 'stack' },
        el('p', { id }, question),
        el('p', { class: 'actions' },
          button('Cancel', () => dialog.close(), { autofocus: true }),
          button(verb, () => { agreed = true; dialog.close(); }, { class: 'danger' }))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
