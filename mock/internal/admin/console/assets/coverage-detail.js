// What is behind a line of the coverage: media types, parameters, security, and answers
// that count for none of them.

import { root } from './api.js';
import { el } from './element.js';
import { levelOf, reachSign } from './reach.js';
import { withSession } from './scope.js';

/** Shows what the report has of an operation. */
export function coverageDetail(api, op) {
  return el('div', { class: 'detail' },
    el('section', {}, el('h3', {}, 'Media types and statuses'), rows(op)),
    op.parameters?.length > 0 && el('section', {}, el('h3', {}, 'Parameters'), parameters(op.parameters)),
    op.security?.length > 0 && el('section', {}, el('h3', {}, 'Security alternatives'), security(op.security)),
    others(op),
    el('p', {}, el('a', { href: journal(api, op) }, 'Its exchanges in the journal')));
}

/** The address of the journal with the exchanges of an operation, or of a session. */
function journal(api, op) {
  const url = new URL('console/journal', root);
  url.searchParams.set('operation', `${api.name}.${op.name}`);
  return withSession(url);
}

function table(caption, titles, body) {
  return el('div', { class: 'scroll' }, el('table', {}, el('caption', { class: 'spoken' }, caption),
    el('thead', {}, el('tr', {}, titles.map((title) => el('th', { scope: 'col' }, title)))), el('tbody', {}, body)));
}

function rows(op) {
  return table('Media types and statuses', ['Request body', 'Status', 'Answer body', '', 'Exchanges', 'Conforming', 'Reached by'], op.rows.map((row) => el('tr', {},
    el('td', { class: 'wrap' }, row.request || 'none'), el('td', {}, row.status), el('td', { class: 'wrap' }, row.response || 'none'),
    el('td', {}, reachSign(levelOf(row)), row.undescribed && el('span', { class: 'muted' }, ', not described')),
    el('td', { class: 'number' }, String(row.reached)), el('td', { class: 'number' }, String(row.conforming)),
    el('td', {}, reachedBy(row)))));
}

function reachedBy(row) {
  if (!row.sessions?.length) {
    return row.reached > 0 ? 'requests without a session' : '—';
  }
  return [row.sessions.map((id) => [el('a', { class: 'wrap', href: withSession(new URL('console/journal', root), id) }, id), ' ']), row.moreSessions && 'and others'];
}

const SENT = ['never sent', 'only invalid values', 'valid values'];

function parameters(list) {
  return table('Parameters', ['In', 'Name', '', 'Valid', 'Invalid', 'Left out'], list.map((p) => el('tr', {},
    el('td', {}, p.in), el('th', { scope: 'row', class: 'mono wrap' }, p.name, p.required && el('span', { class: 'muted' }, ' required')),
    el('td', {}, reachSign(levelOf({ reached: p.valid + p.invalid, conforming: p.valid }), SENT)),
    el('td', { class: 'number' }, String(p.valid)), el('td', { class: 'number' }, String(p.invalid)), el('td', { class: 'number' }, String(p.leftOut)))));
}

function security(list) {
  return table('Security alternatives', ['Schemes', '', 'Met'], list.map((s) => el('tr', {},
    el('th', { scope: 'row', class: 'wrap' }, s.schemes.join(' and ') || 'nothing needed'),
    el('td', {}, reachSign(s.used > 0 ? 2 : 0, ['never met', '', 'met'])), el('td', { class: 'number' }, String(s.used)))));
}

/** Answers that are no rows. */
function others(op) {
  const list = (op.offContract ?? []).map((d) => [`Off the contract with status ${d.status}${d.undescribed ? ', which is not described' : ''}${d.reason ? `: ${d.reason}` : ''}`, d.count]);
  if (op.otherOffContract) {
    list.push(['Off the contract for other reasons', op.otherOffContract]);
  }
  if (op.problems) {
    list.push(['Answered by Understudy itself, with a problem', op.problems]);
  }
  if (op.faults) {
    list.push(['Broken off by a fault', op.faults]);
  }
  return list.length > 0 && el('section', {}, el('h3', {}, 'Beside the contract'), table('Beside the contract', ['Answer', 'Times'],
    list.map(([text, count]) => el('tr', {}, el('td', { class: 'wrap' }, text), el('td', { class: 'number' }, String(count))))));
}
