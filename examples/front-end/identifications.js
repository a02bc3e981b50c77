// A client of the Documents API for browsers.

export class Refused extends Error {
  constructor(response) {
    super(`${response.status} ${response.statusText}`);
    this.status = response.status;
  }
}

export class Identifications {
  constructor(base, org = 'yoigo') {
    this.base = `${base}/v1/orgs/${org}/identifications/identity_document`;
    this.headers = { 'x-installation_id': '625fc44b', 'x-fingerprint': '33dd65c7' };
  }

  async get(id) {
    return (await this.#send('GET', encodeURIComponent(id))).json();
  }

  async validate(id) {
    await this.#send('POST', `${encodeURIComponent(id)}/validate`);
  }

  async #send(method, path) {
    const response = await fetch(`${this.base}/${path}`, { method, headers: this.headers });
    if (!response.ok) throw new Refused(response);
    return response;
  }
}
