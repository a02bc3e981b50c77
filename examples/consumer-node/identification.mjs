// A client of the Documents API, as an application might have one.

export class Refused extends Error {
  constructor(response) {
    super(`${response.status} ${response.statusText}`);
    this.status = response.status;
  }
}

export class Identifications {
  constructor(base, { org = 'yoigo', token } = {}) {
    this.base = `${base}/v1/orgs/${org}/identifications/identity_document`;
    this.headers = { 'x-installation_id': '625fc44b', 'x-fingerprint': '33dd65c7', 'user-agent': 'consumer-node' };
    if (token) this.headers.authorization = `Bearer ${token}`;
  }

  async get(id) {
    return (await this.#send('GET', id)).json();
  }

  async validate(id) {
    await this.#send('POST', `${id}/validate`);
  }

  async #send(method, path) {
    const response = await fetch(`${this.base}/${path}`, { method, headers: this.headers });
    if (!response.ok) {
      await response.arrayBuffer(); // sets the connection free
      throw new Refused(response);
    }
    return response;
  }
}
