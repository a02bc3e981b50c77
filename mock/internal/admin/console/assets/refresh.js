// Keeps what a page shows up to date.

import { events } from './events.js';
import { fail } from './notice.js';
import { scope } from './scope.js';

/**
 * Gives a function that runs load, which is asynchronous, one run at a time: to ask
 * during a run leads to one more behind it. Failures are shown. It is run when the page
 * is connected, when another session is chosen, and for events of these kinds.
 */
export function refresher(load, kinds = []) {
  let running = null;
  let again = false;

  async function run() {
    do {
      again = false;
      try {
        await load();
      } catch (error) {
        fail(error);
      }
    } while (again);
    running = null;
  }

  function refresh() {
    again = true;
    running ??= run();
    return running;
  }

  for (const kind of ['connected', ...kinds]) {
    events.addEventListener(kind, refresh);
  }
  scope.addEventListener('scope', refresh);
  return refresh;
}
