/**
 * Kills the service (kill -9) under load, again and again, and then reads back what it had acknowledged.
 *   node scripts/kill-trial.mjs [--kills 3] [--seconds 4] [--postgres | --database-url postgres://…]
 * Embedded defaults (PGlite and an own redis-server) unless a database is named; --postgres starts one of its own, fsync
 * on. Build first (`npm run build`, or any scripts/portcullis command). Ends with status 1 on any violation:
 * an acknowledged decision lost, a held account without an open case, a gate answer that contradicts the stored access,
 * or none within seconds.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    postgres: { type: 'boolean', default: false },
    'database-url': { type: 'string', default: '' },
  },
});

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const home = mkdtempSync(join(tmpdir(), 'portcullis-kill-'));
const key = 'pk_admin_kill_trial_0123456789abcdef';

/** The tests' own PostgreSQL, in a temporary folder. */
async function ownPostgres() {
  register('../test/support/typescript-hooks.mjs', import.meta.url);
  const { startPostgres } = await import('../test/support/postgres-server.ts');
  return startPostgres({ fsync: true });
}
const server = options.postgres ? await ownPostgres() : undefined;
// A trial that fails halfway leaves no server behind.
let isServerStopped = false;
process.on('exit', () => {
  if (server !== undefined && !isServerStopped) process.kill(server.pid, 'SIGINT');
});

const rules = {
  'policy.yml': 'policy:\n  thresholds: { limit: 30, hold: 60 }\n',
  'reasons.yml': 'reasons:\n  identity.trial: { title: "Trial", public: additional_verification_required }\n',
  'trial.yml': `rules:
  - id: trial-hold
    family: identity
    on: [signup]
    when: account.plan == "hold"
    points: 10
    at_least: hold
    reason: identity.trial
    title: "Held for the trial"
    owner: trial
    tests:
      - { name: held, given: { account.plan: hold }, expect: fires }
      - { name: not held, given: { account.plan: free }, expect: quiet }
`,
};
mkdirSync(join(home, 'rules'));
for (const [name, text] of Object.entries(rules)) writeFileSync(join(home, 'rules', name), text);

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function start() {
  return spawn('node', ['--no-warnings', join(root, 'dist/main.js'), 'serve'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: join(home, 'data'),
      RULES_DIR: join(home, 'rules'),
      BOOTSTRAP_API_KEY: key,
      DATABASE_URL: server?.url ?? options['database-url'],
      REDIS_URL: '',
      LOG_LEVEL: 'error',
    },
  });
}

const call = (path, init = {}) =>
  fetch(base + path, {
    ...init,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers },
  });

async function ready() {
  for (let i = 0; i < 300; i++) {
    if (
      await call('/readyz').then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('the service did not become ready');
}

const acknowledged = new Map();
let next = 0;
let loading = true;
async function sender() {
  while (loading) {
    const n = next++;
    const plan = n % 4 === 0 ? 'hold' : 'free';
    const body = {
      type: 'signup',
      event_id: `evt_${n}`,
      account: { id: `acct_${n}`, plan },
      ip: `81.2.${n % 200}.${n % 250}`,
    };
    try {
      const response = await call('/v1/evaluations', { method: 'POST', body: JSON.stringify(body) });
      if (response.status === 200) acknowledged.set(body.event_id, await response.json());
      else await response.arrayBuffer();
    } catch {
      await sleep(20);
    }
  }
}

const seconds = Number(options.seconds);
const kills = Number(options.kills);
let child = start();
await ready();
const senders = Array.from({ length: 16 }, sender);
for (let kill = 1; kill <= kills; kill++) {
  await sleep(seconds * 1000 * (0.6 + 0.4 * Math.random()));
  child.kill('SIGKILL');
  const before = acknowledged.size;
  const downAt = Date.now();
  child = start();
  await ready();
  console.log(`kill ${kill}: ${before} acknowledged before it, back after ${Date.now() - downAt} ms`);
}
await sleep(seconds * 500);
loading = false;
await Promise.all(senders);

let lost = 0;
let changed = 0;
let wrongGate = 0;
let withoutCase = 0;
await sleep(6000);
const decisions = [...acknowledged.values()];
/** Judging again may have changed the access since. The gate says `unknown` where it has no time to ask; that is asked again. */
async function isToldByGate(accountId) {
  for (let tries = 0; tries < 5; tries++) {
    const { access } = await (await call(`/v1/accounts/${accountId}`)).json();
    const gate = await call('/v1/gate/check', { headers: { 'x-account-id': accountId } });
    await gate.arrayBuffer();
    const told = gate.headers.get('x-risk-state');
    if (told === access.state) return (gate.status === 200) === ['admitted', 'limited'].includes(told);
    if (told !== 'unknown') console.log(`${accountId} is ${access.state}, and the gate says ${gate.status} ${told}`);
    await sleep(500);
  }
  return false;
}
async function check(decision) {
  const response = await call(`/v1/decisions/${decision.id}`);
  if (response.status !== 200) {
    lost++;
    await response.arrayBuffer();
    return;
  }
  const stored = await response.json();
  if ((stored.decision ?? stored).outcome !== decision.outcome) changed++;
  if (!(await isToldByGate(decision.account_id))) wrongGate++;
  if (decision.access.state !== 'held') return;
  const found = await call(`/v1/cases/${decision.case_id}`);
  if (found.status !== 200) withoutCase++;
  await found.arrayBuffer();
}
for (let i = 0; i < decisions.length; i += 32) await Promise.all(decisions.slice(i, i + 32).map(check));

const gone = new Promise((resolve) => child.once('exit', resolve));
child.kill('SIGTERM');
await gone;
await server?.stop();
isServerStopped = true;
rmSync(home, { recursive: true, force: true });
const held = decisions.filter(({ access }) => access.state === 'held').length;
console.log(
  `${kills} kills, ${decisions.length} acknowledged (${held} held): ${lost} lost, ${changed} changed, ` +
    `${withoutCase} held without case, ${wrongGate} wrong at the gate`,
);
process.exit(lost + changed + withoutCase + wrongGate === 0 && decisions.length > 0 ? 0 : 1);
