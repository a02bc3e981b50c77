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

test('reads an identification', async () => {
  const identifications = new Identifications(await understudy.session());
  assert.equal((await identifications.get('1')).status, 'CREATED');
});

test('401: the token has expired', async () => {
  const identifications = new Identifications(await understudy.session(), { token: 'expired' });
  await assert.rejects(identifications.get('1'), refused(401));
});

test('409: the second validation', async () => {
  const identifications = new Identifications(await understudy.session('life-cycle'));
  await identifications.validate('1');
  await assert.rejects(identifications.validate('1'), refused(409));
});

test('500: the API fails', async () => {
  const identifications = new Identifications(await understudy.session('get/500'));
  await assert.rejects(identifications.get('1'), refused(500));
});

test('sessions do not meet', async () => {
  const one = new Identifications(await understudy.session('life-cycle'));
  const other = new Identifications(await understudy.session('life-cycle'));
  await one.validate('1');
  assert.equal((await one.get('1')).status, 'VALIDATED');
  assert.equal((await other.get('1')).status, 'CREATED');
});
