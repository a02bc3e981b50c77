import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Identifications, Refused } from '../identification.mjs';
import { startUnderstudy } from '../understudy.mjs';

const api = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

let understudy;
before(async () => {
  understudy = await startUnderstudy(api('openapi.yaml'), '--scenarios', api('scenarios'));
});
after(() => understudy?.stop());

const refused = (status) => (error) => error instanceof Refused && error.status === status;

// A client with a session of its own, whose verdict fails the test.
async function client(t, { token, scenarios = [] } = {}) {
  const session = await understudy.session(...scenarios);
  t.after(() => session.verify());
  return new Identifications(session.url, { token });
}

test('reads an identification', async (t) => {
  const identifications = await client(t);
  assert.equal((await identifications.get('1')).status, 'CREATED');
});

test('401: the token has expired', async (t) => {
  const identifications = await client(t, { token: 'expired' });
  await assert.rejects(identifications.get('1'), refused(401));
});

test('409: the second validation', async (t) => {
  const identifications = await client(t, { scenarios: ['life-cycle'] });
  await identifications.get('1');
  await identifications.validate('1');
  await assert.rejects(identifications.validate('1'), refused(409));
  assert.equal((await identifications.get('1')).status, 'VALIDATED');
});

test('500: the API fails', async (t) => {
  const identifications = await client(t, { scenarios: ['get/500'] });
  await assert.rejects(identifications.get('1'), refused(500));
});

test('sessions do not meet', async (t) => {
  const one = await client(t);
  const other = new Identifications((await understudy.session('life-cycle')).url);
  await other.validate('1');
  await assert.rejects(other.validate('1'), refused(409));
  assert.equal((await one.get('1')).status, 'CREATED');
});
