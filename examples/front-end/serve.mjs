// Serves the page: node examples/front-end/serve.mjs
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const port = process.env.PORT ?? 8000;
const types = { 'index.html': 'text/html', 'app.js': 'text/javascript', 'identifications.js': 'text/javascript' };

createServer((request, response) => {
  const name = new URL(request.url, 'http://localhost').pathname.slice(1) || 'index.html';
  if (!(name in types)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[name] });
  return createReadStream(fileURLToPath(new URL(name, import.meta.url))).pipe(response);
}).listen(port, '127.0.0.1', () => console.log(`the page is at http://127.0.0.1:${port}/`));
