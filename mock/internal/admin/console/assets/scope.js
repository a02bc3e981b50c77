// Says whether the page speaks of everybody or of one session. The choice stands in the
// address, so that it survives a reload and can be sent to somebody.

const PARAMETER = 'session';

/**
 * The id of the chosen session, '' for everybody. Dots alone are no id: an address of the
 * control plane with them would be another one.
 */
export function session() {
  return new URLSearchParams(location.search).get(PARAMETER)?.replace(/^\.{1,2}$/, '') ?? '';
}

/** Tells of a new choice by the event 'scope'. */
export const scope = new EventTarget();

/** Chooses a session, '' for everybody. */
export function choose(id) {
  if (id === session()) {
    return;
  }
  history.replaceState(null, '', withSession(location.href, id));
  scope.dispatchEvent(new Event('scope'));
}

/** An address with a session, '' for everybody. */
export function withSession(address, id = session()) {
  const url = new URL(address, document.baseURI);
  if (id) {
    url.searchParams.set(PARAMETER, id);
  } else {
    url.searchParams.delete(PARAMETER);
  }
  return url.href;
}

/** Who is chosen, for people. */
export function whom(id = session()) {
  return id ? `session ${id}` : 'everybody';
}
