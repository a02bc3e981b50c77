// A client made for WireMock asks Understudy what was called. MOCK is the base URL of a
// running mock of the identification API.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import wiremock from 'wiremock-rest-client';

const url = process.env.MOCK ?? 'http://127.0.0.1:4010';
const client = new wiremock.WireMockRestClient(url, { logLevel: 'warn', continueOnFailure: true });
const identification = '/v1/orgs/yoigo/identifications/identity_document/1';

before(async () => {
  await client.global.resetAll();
  await client.requests.deleteAllRequests();
  for (const [path, headers] of [[identification, { 'x-client': 'one' }], [`${identification}?page=2`, { 'x-client': 'two' }], ['/nothing', {}]]) {
    await fetch(url + path, { headers });
  }
});

test('all requests', async () => {
  const { requests, meta } = await client.requests.getAllRequests();
  assert.equal(meta.total, 3);
  assert.deepEqual(requests.map((r) => [r.request.method, r.request.url, r.response.status, r.wasMatched]), [
    ['GET', '/nothing', 404, false],
    ['GET', `${identification}?page=2`, 200, true],
    ['GET', identification, 200, true],
  ]);
});

test('requests of a pattern', async () => {
  assert.equal((await client.requests.getCount({ method: 'GET', urlPath: identification })).count, 2);
  assert.equal((await client.requests.getCount({ headers: { 'X-Client': { matches: 'o.*' } } })).count, 1);
  const { requests } = await client.requests.findRequests({ url: `${identification}?page=2`, headers: { 'x-client': { equalTo: 'two' } } });
  assert.equal(requests.length, 1);
  assert.equal(requests[0].absoluteUrl, `${url}${identification}?page=2`);
});

test('a pattern that says more than is understood is refused', async () => {
  const answer = await client.requests.getCount({ customMatcher: { name: 'mine' } });
  assert.match(answer.detail, /"customMatcher" is not supported/);
});

test('unmatched requests', async () => {
  const { requests } = await client.requests.getUnmatchedRequests();
  assert.deepEqual(requests.map((r) => r.url), ['/nothing']);
});

test('an empty journal', async () => {
  await client.requests.deleteAllRequests();
  assert.equal((await client.requests.getAllRequests()).meta.total, 0);
});
