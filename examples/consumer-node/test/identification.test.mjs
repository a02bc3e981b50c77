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

// A client in a session of its own, whose requests ask for a scenario by name.
function client(scenario, options) {
  const identifications = new Identifications(understudy.session(), options);
  if (scenario) identifications.headers.prefer = `scenario=${scenario}`;
  return identifications;
}

const refused = (status) => (error) => error instanceof Refused && error.status === status;

test('reads an identification', async () => {
  const identifications = client();
  assert.equal((await identifications.get('1')).status, 'CREATED');
});

test('401: the token has expired', async () => {
  const identifications = client(undefined, { token: 'expired' });
  await assert.rejects(identifications.get('1'), refused(401));
});

test('409: the second validation', async () => {
  const identifications = client('life-cycle');
  await identifications.validate('1');
  await assert.rejects(identifications.validate('1'), refused(409));
});

test('sessions do not meet', async () => {
  const [one, other] = [client('life-cycle'), client('life-cycle')];
  await one.validate('1');
  assert.equal((await one.get('1')).status, 'VALIDATED');
  assert.equal((await other.get('1')).status, 'CREATED');
});

test('500: the API fails', async () => {
  await assert.rejects(client('get/500').get('1'), refused(500));
});
