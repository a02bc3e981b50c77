// Shows one exchange: what was wrong with the request, why it was answered so, request and
// answer.

import { bodyView, size, violationNote } from './body-view.js';
import { methodChip, statusChip } from './chips.js';
import { el, button, newId } from './element.js';
import { GAPS, OUTCOMES, STEPS, clock } from './words.js';

/** Shows a record of the journal. actions are buttons; close is called to close it. */
export function exchangeView(record, actions, close) {
  const { request, response } = record;
  const heading = newId('exchange');
  return el('article', { 'aria-labelledby': heading, class: 'exchange' },
    el('header', {},
      el('h2', { id: heading, tabindex: '-1', class: 'wrap' }, methodChip(request.method), ' ', el('span', { class: 'mono' }, target(request.url)), ' ', answerChip(response)),
      button('Close', close, { class: 'quiet close' })),
    facts(record),
    el('div', { class: 'actions' }, actions),
    section('Why this answer', decision(record)),
    section('Request', parameters(record), headers(request.headers, headerBreaches(record)), bodyView(request.body, breaches(record, 'body'))),
    section('Answer', answer(response), headers(response.headers, []), bodyView(response.body)));
}

/** The path and the query of an absolute URL, as they were sent. */
function target(url) {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2));
}

function section(title, ...children) {
  return el('section', {}, el('h3', {}, title), children);
}

/** The status of an answer, or the fault in its place. */
export function answerChip({ status, fault }) {
  return fault ? el('span', { class: 'chip s5' }, fault) : statusChip(status);
}

function facts(record) {
  const { timing, response } = record;
  const list = [
    ['Arrived', el('time', { datetime: timing.arrived }, clock(timing.arrived))],
    ['Took', response.outcome === 'pending' ? 'not over yet' : `${timing.endMs} ms`],
    ['Operation', record.operation],
    ['Description', record.api],
    ['Session', record.session ?? 'none'],
    ['Id', el('code', { class: 'wrap' }, record.id)],
    ['Trace', record.traceparent && el('code', { class: 'wrap' }, record.traceparent)],
  ];
  return el('dl', { class: 'facts' }, list.map(([name, value]) => value && el('div', {}, el('dt', {}, name), el('dd', { class: 'wrap' }, value))));
}

/** The decision: which rule answered, what was tried before, what came close. */
function decision(record) {
  const { step, why, scenario, stub, applied, drawn, candidates = [], moreCandidates } = record.decision;
  return [
    el('p', { class: 'why' }, 'Decided by ', el('strong', {}, STEPS[step] ?? step), ': ', el('span', { class: 'wrap' }, why), '.'),
    record.gap && el('p', { class: 'gap' }, el('strong', {}, 'Unmatched. '), GAPS[record.gap] ?? record.gap),
    record.violations && violations(record.violations),
    scenario && el('p', {}, 'Scenario ', el('strong', { class: 'wrap' }, scenario), stub && [', stub ', el('strong', { class: 'wrap' }, stub)]),
    applied && el('p', {}, `Preferences honoured: ${applied.join(', ')}`),
    drawn && el('p', {}, `Drawn by chance: ${drawn.join('; ')}`),
    record.closestOperations && [el('h4', {}, 'Closest operations'), el('ul', { class: 'bullets' }, record.closestOperations.map((op) => el('li', {}, el('code', { class: 'wrap' }, op))))],
    record.known && [el('h4', {}, 'What there is'), el('ul', { class: 'bullets' }, record.known.map((name) => el('li', { class: 'wrap' }, name)))],
    record.closestStubs && [el('h4', {}, 'Stubs that came closest'), trail(record.closestStubs)],
    candidates.length > 0 && [el('h4', {}, 'Stubs that were tried, in this order'), trail(candidates)],
    moreCandidates && el('p', { class: 'muted' }, `And ${moreCandidates} more.`),
  ];
}

/** Stubs with the first condition that failed. */
function trail(candidates) {
  return el('ol', { class: 'trail' }, candidates.map((c) => el('li', { class: c.failed ? 'failed' : 'held' },
    el('p', {}, el('span', { 'aria-hidden': 'true', class: 'mark' }, c.failed ? '✗' : '✓'), el('strong', { class: 'wrap' }, c.stub), ' ',
      el('span', { class: 'muted' }, c.conditions > 0 ? `${c.held} of ${c.conditions} conditions hold` : 'no conditions')),
    el('p', { class: 'wrap' }, c.failed || 'Answered.'))));
}

/** What is wrong, in short; the whole stands beside the part of the request that it is about. */
function violations(list) {
  return [el('h4', {}, list.length === 1 ? 'The request breaks the contract' : `The request breaks the contract in ${list.length} places`),
    el('ul', { class: 'breaches' }, list.map((v) => el('li', { class: 'wrap' }, v.message)))];
}

function breaches(record, ...places) {
  return (record.violations ?? []).filter((v) => places.includes(v.in));
}

/** Which header a violation is about, '' for none. */
function headerOf(violation) {
  return { mediaType: 'Content-Type', accept: 'Accept', header: violation.name }[violation.in] ?? '';
}

/** Violations that are about headers which are no declared parameters, and about credentials. */
function headerBreaches(record) {
  const declared = (record.parameters ?? []).filter((p) => p.in === 'header').map((p) => p.name.toLowerCase());
  return breaches(record, 'mediaType', 'accept', 'security')
    .concat(breaches(record, 'header').filter((v) => !declared.includes(v.name?.toLowerCase()) && v.rule !== 'required'));
}

/** The parameters in a table, each with what is wrong with it; also those that are missing. */
function parameters(record) {
  const wrong = breaches(record, 'path', 'query', 'header', 'cookie');
  const rows = (record.parameters ?? []).map((p) => ({ ...p, wrong: wrong.filter((v) => v.in === p.in && v.name === p.name) }));
  for (const v of wrong.filter((each) => !rows.some((row) => row.wrong.includes(each)))) {
    const row = rows.find((each) => each.in === v.in && each.name === v.name);
    if (row) {
      row.wrong.push(v);
    } else {
      rows.push({ in: v.in, name: v.name ?? '', missing: v.rule === 'required', wrong: [v] });
    }
  }
  if (rows.length === 0) {
    return el('p', { class: 'muted' }, 'No parameters that the contract declares.');
  }
  return el('table', { class: 'parameters' }, el('caption', { class: 'spoken' }, 'Parameters'),
    el('thead', {}, el('tr', {}, ['In', 'Name', 'Value'].map((title) => el('th', { scope: 'col' }, title)))),
    el('tbody', {}, rows.map((row) => [
      el('tr', { class: row.wrong.length > 0 ? 'wrong-row above' : null }, el('td', {}, row.in), el('th', { scope: 'row', class: 'wrap' }, row.name),
        el('td', { class: 'wrap' }, row.missing ? el('em', {}, 'missing') : row.value !== undefined && el('code', {}, shownValue(row.value)))),
      row.wrong.length > 0 && el('tr', { class: 'wrong-row' }, el('td', { colspan: '3' }, row.wrong.map(violationNote))),
    ])));
}

function shownValue(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Headers, closed unless one of them is wrong. */
function headers(list, wrong) {
  const names = Object.keys(list ?? {}).sort();
  const about = (name) => wrong.filter((v) => headerOf(v).toLowerCase() === name.toLowerCase());
  const nowhere = wrong.filter((v) => !names.some((name) => headerOf(v).toLowerCase() === name.toLowerCase()));
  return el('details', { open: wrong.length > 0 }, el('summary', {}, `${names.length} ${names.length === 1 ? 'header' : 'headers'}`),
    nowhere.map(violationNote),
    el('dl', { class: 'headers' }, names.map((name) => el('div', { class: about(name).length > 0 ? 'wrong-row' : null },
      el('dt', {}, name), el('dd', { class: 'wrap' }, list[name].map((line) => el('code', { class: 'line' }, line)), about(name).map(violationNote))))));
}

function answer(response) {
  const { outcome, fault, problem, offContract, body, status, violations: wrong } = response;
  return [
    el('p', {}, fault ? `Fault ${fault}` : `Status ${status}`, `, ${OUTCOMES[outcome] ?? outcome}`, body && `, ${size(body.size)}`, '.'),
    problem && el('p', { class: 'gap' }, el('strong', {}, 'Understudy speaks for itself: '), el('code', {}, problem)),
    offContract && el('p', { class: 'gap wrap' }, el('strong', {}, 'Off the contract: '), offContract),
    wrong && [el('h4', {}, 'The answer of the real API breaks the contract'), el('ul', { class: 'breaches' }, wrong.map((v) => el('li', { class: 'wrap' }, v.message)))],
  ];
}
