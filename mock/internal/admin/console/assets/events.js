// Tells what happens in the mock. Events are those of /__admin/events (exchange, change,
// reload, session, lost), each with its JSON in detail; beside them
//
//   connected     the stream is there; detail.again tells that it was there before, so
//                 that what was shown may be out of date;
//   disconnected  it is not, and will be tried again.
//
// While the page is hidden nothing is listened to, because a browser has but few
// connections to one server.

import { ask, root } from './api.js';

export const events = new EventTarget();

const KINDS = ['exchange', 'change', 'reload', 'session', 'lost'];
const FIRST_WAIT = 250; // ms
const LONGEST_WAIT = 4000;

let source = null;
let before = false;
let wait = FIRST_WAIT;
let timer = 0;

function tell(kind, detail) {
  events.dispatchEvent(new CustomEvent(kind, { detail }));
}

function open() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(new URL('events', root));
  source.addEventListener('open', () => {
    wait = FIRST_WAIT;
    tell('connected', { again: before });
    before = true;
  });
  source.addEventListener('error', () => {
    source.close();
    tell('disconnected', {});
    timer = setTimeout(retry, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  });
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => tell(kind, JSON.parse(event.data)));
  }
}

/** An event stream does not tell why it was refused, so something else is asked first. */
async function retry() {
  let answered = true;
  try {
    await ask('GET', 'settings');
  } catch {
    answered = false;
  }
  if (document.hidden) {
    return; // it is tried again when the page is seen again
  }
  if (answered) {
    open();
  } else {
    timer = setTimeout(retry, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

/** Begins to listen; frame.js calls it. */
export function listen() {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(timer);
      source?.close();
    } else {
      retry();
    }
  });
  if (!document.hidden) {
    retry();
  }
}
