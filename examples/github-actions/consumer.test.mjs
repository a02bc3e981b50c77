// Tests of a consumer, against the mock at $API.
import assert from 'node:assert/strict';
import test from 'node:test';

const base = `${process.env.API}/v1/orgs/yoigo/identifications/identity_document`;
const headers = { 'x-installation_id': '625fc44b', 'x-fingerprint': '33dd65c7', 'user-agent': 'consumer' };

async function send(method, path, prefer) {
  const response = await fetch(`${base}/${path}`, { method, headers: prefer ? { ...headers, prefer } : headers });
  await response.arrayBuffer();
  return response.status;
}

for (const [method, path, prefer, want] of [
  ['GET', '1', null, 200],
  ['GET', '1', 'code=401', 401],
  ['GET', '1', 'code=500', 500],
  ['POST', '1/validate', null, 204],
  ['POST', '1/validate', 'scenario=validate/409', 409],
  ['POST', '1/validate', 'code=500', 500],
]) {
  test(`${method} ${path} is answered ${want}`, async () => {
    assert.equal(await send(method, path, prefer), want);
  });
}
