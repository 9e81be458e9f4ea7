/**
 * How long answers wait on embedded stores while an erasure is followed up: files are rewritten, so that nothing erased is left
 * in them. Signs people up, erases one, and goes on signing up for twenty seconds.
 *
 *   npm run build && node bench/erasure.mjs [--accounts 12000]
 *
 * Limit: no answer waits longer than a second for each 10,000 decisions that are stored, and none is refused.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { accounts: { type: 'string', default: '12000' } } });
const accounts = Number(values.accounts);
const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-bench-erasure-'));
const key = 'bench-erasure-key-of-this-run';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const base = `http://127.0.0.1:${await freePort()}`;
const service = spawn(process.execPath, [join(root, 'dist', 'main.js'), 'serve'], {
  cwd: root,
  env: { ...process.env, PORT: new URL(base).port, DATA_DIR: dataDir, BOOTSTRAP_API_KEY: key },
  stdio: 'ignore',
});
const call = (method, path, body) =>
  fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const signup = (n) => ({
  type: 'signup',
  event_id: `evt_${n}`,
  account: { id: `acct_${n}` },
  ip: `81.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
  email: { address: `u${n}@mail${n % 500}.example` },
  device: { fingerprint: `fp_${n}` },
});

let refused = 0;
async function signUp(n) {
  const from = performance.now();
  const answer = await call('POST', '/v1/evaluations', signup(n));
  await answer.text();
  if (answer.status !== 200) refused++;
  return performance.now() - from;
}

try {
  for (let ready = false; !ready; await sleep(200))
    ready = (await call('GET', '/readyz').catch(() => undefined))?.ok === true;
  let next = 0;
  const sender = async () => {
    while (next < accounts) await signUp(next++);
  };
  await Promise.all(Array.from({ length: 16 }, sender));
  await sleep(3000);
  await call('DELETE', '/v1/subjects/acct_5');
  const waits = [];
  for (const until = performance.now() + 20_000; performance.now() < until; await sleep(30))
    waits.push(await signUp(next++));
  const worst = Math.max(...waits);
  const limit = accounts / 10;
  console.log(`${accounts} decisions stored, ${waits.length} answers after the erasure, ${refused} refused`);
  console.log(
    `median ${Math.round(waits.sort((a, b) => a - b)[waits.length >> 1])} ms, longest ${Math.round(worst)} ms`,
  );
  const isKept = worst <= limit && refused === 0;
  console.log(`limit: ${limit} ms, none refused: ${isKept ? 'kept' : 'NOT kept'}`);
  process.exitCode = isKept ? 0 : 1;
} finally {
  service.kill('SIGINT');
  if (service.exitCode === null) await once(service, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}
