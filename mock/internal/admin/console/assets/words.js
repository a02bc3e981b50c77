// The words that people read for those of the control plane.

/** What the steps of the decision order are called. */
export const STEPS = {
  preferences: 'the preferences of the request',
  'prefer-code': 'the status that the request prefers',
  'prefer-scenario': 'the scenario that the request prefers',
  'session-scenario': 'a scenario active in the session',
  'active-scenario': 'a scenario active for everybody',
  'default-scenario': 'a default scenario',
  violations: 'the violations of the request',
  upstream: 'the real API',
  contract: 'the contract itself',
  routing: 'the paths of the contract',
  'client-gone': 'nobody',
};

/** What a gap means. */
export const GAPS = {
  'no-operation': 'The contract has no operation for this request.',
  violations: 'The request breaks the contract, and no stub takes that.',
  'no-stub': 'The preferred scenario has no stub that takes this request.',
  preference: 'The request prefers something that there is not.',
  'passed-over': 'Stubs of active scenarios were tried in vain, and the contract answered.',
  refused: 'The request was refused before the API was reached.',
};

/** What became of an answer. */
export const OUTCOMES = {
  pending: 'waiting or being sent',
  sent: 'sent',
  'client-gone': 'the client was gone before the first byte',
  'cut-off': 'the client was gone before the last byte',
  fault: 'the connection was broken on purpose',
  'upstream-broke-off': 'the real API broke it off',
  failed: 'a mistake of Understudy ended it',
};

/** The time of a day to the millisecond, in the zone of the browser. */
export function clock(time) {
  const at = new Date(time);
  const pad = (n, width = 2) => String(n).padStart(width, '0');
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}
