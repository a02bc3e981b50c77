// Asks for a token and swaps it for a cookie that scripts cannot read.

import { el, button, newId } from './element.js';

let asking = null;

/** Asks for a token until one is right. Those who ask at the same time wait together. */
export function askForToken(root, why) {
  asking ??= new Promise((resolve) => {
    open(root, why, () => {
      asking = null;
      resolve();
    });
  });
  return asking;
}

function open(root, why, done) {
  const heading = newId('login');
  const field = el('input', { type: 'password', name: 'token', autocomplete: 'current-password', required: true, autofocus: true });
  const wrong = el('p', { role: 'alert', class: 'wrong' });
  const form = el('form', {
    submit: async (event) => {
      event.preventDefault();
      wrong.textContent = '';
      const failure = await login(root, field.value);
      if (failure) {
        wrong.textContent = failure;
        field.select();
        return;
      }
      loggedIn = true;
      dialog.close();
    },
  },
  el('h2', { id: heading }, 'Token'),
  el('p', {}, why),
  el('label', {}, 'Token ', field),
  wrong,
  el('p', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Log in')));
  let loggedIn = false;
  const dialog = el('dialog', {
    class: 'login',
    'aria-labelledby': heading,
    cancel: (event) => event.preventDefault(),
    close: () => {
      if (!loggedIn) { // nothing works without a token
        dialog.showModal();
        return;
      }
      dialog.remove();
      done();
    },
  }, form);
  document.body.append(dialog);
  dialog.showModal();
}

/** Gives what is wrong with the token, '' for nothing. */
async function login(root, token) {
  try {
    const response = await fetch(new URL('login', root), { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
    if (response.ok) {
      remember((await response.json()).name);
      return '';
    }
    return response.status === 401 ? 'This is no token of this mock.' : (await response.json()).detail;
  } catch (error) {
    return `The token could not be sent: ${error.message}`;
  }
}

const NAME = 'understudy-token-name';

function remember(name) {
  localStorage.setItem(NAME, name);
  document.dispatchEvent(new Event('login'));
}

/** The name of the token that was last used here, '' for none. */
export function tokenName() {
  return localStorage.getItem(NAME) ?? '';
}

/** A button that ends the login and loads the page anew. */
export function logoutButton(root) {
  return button('Log out', async () => {
    await fetch(new URL('logout', root), { method: 'POST' });
    localStorage.removeItem(NAME);
    location.reload();
  }, { class: 'quiet' });
}
