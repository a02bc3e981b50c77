// Starts Understudy for tests. The command is found in PATH, or named by
// UNDERSTUDY_BINARY.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export async function startUnderstudy(...args) {
  const command = process.env.UNDERSTUDY_BINARY ?? 'understudy';
  const child = spawn(command, ['serve', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`understudy serve ended with exit code ${code}`)));
    // All lines are read, also those behind: nobody writes into a closed pipe.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const listening = /^listening on (\S+)$/.exec(line);
      if (listening) resolve(listening[1]);
    });
  });
  return {
    // Makes a session with active scenarios: what one test does there is not seen by any
    // other. Its url is the API's base URL in it, and verify throws where the verdict of the
    // session is against the test: a request broke the contract, or a stub was not used.
    async session(...scenarios) {
      const id = randomUUID();
      const session = `${url}/__admin/sessions/${id}`;
      const made = await fetch(session, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ scenarios }),
      });
      if (!made.ok) throw new Error(`the session cannot be made: ${await made.text()}`);
      return {
        url: `${url}/__session/${id}`,
        async verify() {
          const verdict = await (await fetch(`${session}/verdict`)).json();
          if (!verdict.passed) throw new Error(`the verdict is against it: ${JSON.stringify(verdict, null, 2)}`);
        },
      };
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await exit;
      if (code !== 0) throw new Error(`understudy serve ended with exit code ${code}`);
    },
  };
}
