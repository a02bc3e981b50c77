// Asks the control plane.

import { session } from './scope.js';
import { askForToken } from './login.js';

/** The address of the control plane, which ends with a slash. */
export const root = new URL('../../../', import.meta.url);

/** The address of the mock itself, which ends with a slash. */
export const mock = mockAddress();

function mockAddress() {
  const origin = document.querySelector('meta[name="understudy-mock"]').content;
  return origin ? new URL('/', origin) : new URL('../', root);
}

/** An answer of the control plane that is a problem (RFC 9457), or no answer (status 0). */
export class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title);
    this.status = status;
    this.problem = problem;
  }
}

/**
 * Asks for something below the control plane: path is relative to it, options may have
 * query (an object; null, undefined and '' are left out), json or yaml (the body) and
 * signal. It gives the answer's JSON, its text where it is none, or null for no content,
 * and throws a Problem. Where a token is wanted it asks for one and tries again.
 */
export async function ask(method, path, options = {}) {
  for (;;) {
    const response = await send(method, path, options);
    if (response.status === 401) {
      await askForToken(root, await detail(response));
      continue;
    }
    if (!response.ok && response.status !== 422) {
      throw new Problem(response.status, await problem(response));
    }
    const value = await content(response);
    if (!response.ok && response.headers.has('Understudy-Error')) {
      throw new Problem(response.status, value);
    }
    return value;
  }
}

/** ask for what there is for everybody and for each session: of the chosen one. */
export function askScoped(method, path, options = {}) {
  return ask(method, scoped(path), options);
}

/** The path of something in a session, '' for everybody. */
export function scoped(path, id = session()) {
  return id ? `sessions/${encodeURIComponent(id)}/${path}` : path;
}

async function send(method, path, { query = {}, json, yaml, signal }) {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') {
      url.searchParams.set(name, value);
    }
  }
  const request = { method, signal, headers: {} };
  if (json !== undefined) {
    request.body = JSON.stringify(json);
    request.headers['Content-Type'] = 'application/json';
  } else if (yaml !== undefined) {
    request.body = yaml;
    request.headers['Content-Type'] = 'application/yaml';
  }
  try {
    return await fetch(url, request);
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Problem(0, { title: 'No answer', detail: 'The mock cannot be reached. Is it running?' });
  }
}

async function content(response) {
  if (response.status === 204) {
    return null;
  }
  return /[/+]json/.test(response.headers.get('Content-Type') ?? '') ? response.json() : response.text();
}

async function problem(response) {
  try {
    return await response.json();
  } catch {
    return { title: `${response.status} ${response.statusText}` };
  }
}

async function detail(response) {
  return (await problem(response)).detail;
}
