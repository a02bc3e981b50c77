// Writes a request as people send it: as a command of curl, and as a call of fetch.
// A request has method, url, headers (a list of [name, value]), and body (a text, a
// Uint8Array, or null for none).

/** The request as a command for a shell. */
export function asCurl({ method, url, headers, body }) {
  const parts = [method === 'HEAD' ? 'curl --head' : `curl -i -X ${shell(method)}`, shell(url)];
  for (const [name, value] of headers) {
    parts.push(`-H ${shell(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (body !== null && !headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    parts.push("-H 'Content-Type:'"); // or curl says that the body is a form
  }
  if (body instanceof Uint8Array) {
    parts[0] = `echo ${base64(body)} | base64 -d | ${parts[0]}`;
    parts.push('--data-binary @-');
  } else if (body !== null) {
    parts.push(`--data-raw ${shell(body)}`);
  }
  return parts.join(' \\\n  ');
}

/** The request as JavaScript. */
export function asFetch({ method, url, headers, body }) {
  const lines = [`  method: ${JSON.stringify(method)},`];
  if (headers.length > 0) {
    const names = new Set(headers.map(([name]) => name.toLowerCase()));
    const several = names.size < headers.length; // an object has each name once
    lines.push(`  headers: ${JSON.stringify(several ? headers : Object.fromEntries(headers))},`);
  }
  if (body instanceof Uint8Array) {
    lines.push(`  body: Uint8Array.from(atob(${JSON.stringify(base64(body))}), (c) => c.charCodeAt(0)),`);
  } else if (body !== null) {
    lines.push(`  body: ${JSON.stringify(body)},`);
  }
  return `await fetch(${JSON.stringify(url)}, {\n${lines.join('\n')}\n});`;
}

function shell(text) {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function base64(bytes) {
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
}
