// Shows the text of a file with line numbers, and findings in the place that they are
// about.

import { contents, el } from './element.js';

/**
 * Shows a text. Findings are those of the control plane; those of other files are left
 * out, and those without a line stand on top.
 */
export function sourceView(text, file, findings = []) {
  const here = findings.filter((f) => f.file === file);
  const lines = text.replace(/\n$/, '').split('\n');
  return el('div', { class: 'source', tabindex: '0', role: 'region', 'aria-label': `Text of ${file}` },
    here.filter((f) => !f.line).map(finding),
    el('ol', {}, lines.map((line, i) => {
      const told = here.filter((f) => f.line === i + 1);
      return el('li', { class: told.length > 0 ? severest(told) : null }, el('code', {}, marked(line, told)), told.map(finding));
    })));
}

function severest(findings) {
  return findings.some((f) => f.severity === 'error') ? 'error' : 'warning';
}

/** A line with the stretch marked that the first finding is about. Columns count characters. */
function marked(line, findings) {
  const characters = [...line];
  const found = findings.find((f) => f.col && f.endCol > f.col);
  if (!found) {
    return line || ' ';
  }
  const part = (from, to) => characters.slice(from, to).join('');
  return contents([part(0, found.col - 1), el('mark', {}, part(found.col - 1, found.endCol - 1)), part(found.endCol - 1)]);
}

/** A finding in words. */
export function finding({ severity, code, message, hint, related = [] }) {
  return el('div', { class: `finding ${severity}` },
    el('strong', {}, severity === 'error' ? 'Error' : 'Warning'), ` ${message} `, el('span', { class: 'muted' }, `[${code}]`),
    hint && el('div', { class: 'hint' }, `→ ${hint}`),
    related.map((r) => el('div', { class: 'muted' }, `${place(r)}${r.message}`)));
}

/** The place of a finding, for people. */
export function place({ file, line, col }) {
  return file ? `${[file, line, col].filter(Boolean).join(':')}: ` : '';
}
