/**
 * The same decisions served the way they are usually written: express(), express.json(), the zod schema, response.json();
 * each feature a sorted set of its own, written and read by one MULTI; account memory, claims and gate records by plain
 * commands; createHmac for each identifier; each decision a transaction of its own on a pool of ten connections. Signals,
 * rules and the SQL function that writes a decision are the product's. Simpler than the product where it may be: nothing
 * is sealed, no history is checked, nobody's rings are looked for, and a burst is a count.
 * Environment: PORT, DATABASE_URL, REDIS_URL, KEY, RULES_DIR, DATA_DIR.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import express from 'express';
import { Redis } from 'ioredis';
import pg from 'pg';
import { openIpData } from '../../dist/adapters/files/ip-data.js';
import { loadRulesFolder } from '../../dist/adapters/files/open-rules.js';
import { signalPortsFor } from '../../dist/adapters/identity/signal-ports.js';
import { batchParameter, outcomeOf } from '../../dist/adapters/postgres/commit-row.js';
import { migrate } from '../../dist/adapters/postgres/migrate.js';
import { openPostgres } from '../../dist/adapters/postgres/open-postgres.js';
import { caseDueAt, casePriority } from '../../dist/cases/case-priority.js';
import { createEvaluator } from '../../dist/evaluate/create-evaluator.js';
import { prepareSnapshot } from '../../dist/evaluate/prepare-snapshot.js';
import { eventSchema } from '../../dist/model/event.js';

const { DATABASE_URL, DATA_DIR, KEY, PORT, REDIS_URL, RULES_DIR } = process.env;
const pepper = 'a pepper for measuring only';
const dayMs = 86_400_000;

const hashIdentifier = (type, value) =>
  `k1.${createHmac('sha256', pepper).update(`${type}\0${value}`).digest('base64url').slice(0, 24)}`;
const { ruleSet } = await loadRulesFolder(RULES_DIR);
const tables = await openIpData({ dataDir: DATA_DIR, log: { info() {}, warn() {} } });
const snapshot = prepareSnapshot(ruleSet, {
  ports: signalPortsFor({ tables, databases: [] })(ruleSet.lists),
  hash: hashIdentifier,
  combine: (hashes) => hashIdentifier('', hashes.join(' ')),
  listener: { ruleHit() {}, fuseBlown() {} },
});
const database = await openPostgres(DATABASE_URL);
await migrate(database);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const redis = new Redis(REDIS_URL);

/** A sorted set by time for each feature and key: its members are events, or what `distinct` counts. */
async function count({ spec, key, counts, member }, { eventId, accountId, at }) {
  const windowMs = spec.windowMs ?? 365 * dayMs;
  const name = `${spec.id}:${key}`;
  const counted = spec.kind === 'distinct' ? member : spec.kind === 'trusted' ? accountId : eventId;
  const multi = redis.multi();
  if (counts && counted !== undefined) multi.zadd(name, at, counted);
  multi.zremrangebyscore(name, 0, at - windowMs);
  multi.pexpire(name, windowMs);
  multi.zcard(name);
  const replies = await multi.exec();
  return replies.at(-1)[1];
}

async function age({ spec, key }, { at }) {
  const name = `${spec.id}:${key}`;
  const [, [, since]] = await redis.multi().set(name, at, 'NX').get(name).exec();
  return (at - Number(since)) / 1000;
}

/** A burst has no figures here: its rules see none. */
async function readFeature(lookup, request) {
  const { kind } = lookup.spec;
  if (kind === 'age') return age(lookup, request);
  if (kind === 'labelled') return redis.scard(`${lookup.spec.id}:${lookup.key}`);
  const value = await count(lookup, request);
  return kind === 'burst' ? undefined : value;
}

const observe = (request) => Promise.all(request.lookups.map((lookup) => readFeature(lookup, request)));

async function claim(eventId, bodyHash) {
  const isNew = await redis.set(`event:${eventId}`, bodyHash, 'PX', 5000, 'NX');
  return { kind: isNew === null ? 'in_flight' : 'new' };
}

async function recall(accountId) {
  const remembered = await redis.get(`account:${accountId}`);
  return remembered === null ? { kind: 'nothing' } : { kind: 'remembered', remembered: JSON.parse(remembered) };
}

async function remember(accountId, { at, ...memento }) {
  await redis.set(`account:${accountId}`, JSON.stringify({ ...memento, firstSeenAt: at }), 'PX', 30 * dayMs);
}

async function commit(record) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query('select * from commit_decisions($1::jsonb)', [batchParameter([record])]);
    await client.query('commit');
    return outcomeOf(record, rows[0]);
  } catch (error) {
    await client.query('rollback');
    return { kind: 'unavailable', reason: String(error) };
  } finally {
    client.release();
  }
}

const evaluator = createEvaluator({
  snapshot: () => snapshot,
  ledger: {
    claim,
    settle: (eventId) => redis.set(`event:${eventId}`, 'decided', 'PX', dayMs),
    abandon: (eventId) => redis.del(`event:${eventId}`),
  },
  memory: { recall, remember },
  features: { observe },
  rings: { find: async () => ({ byLink: new Map(), rings: new Map() }) },
  log: { commit, byEventId: async () => undefined, status: async () => undefined, eventsOf: async () => [] },
  listener: {
    accessCommitted: ({ accountId, state, version }) =>
      redis.multi().hset(`gate:${accountId}`, { state, version }).pexpire(`gate:${accountId}`, 600_000).exec(),
  },
  cases: {
    priority: (score) => casePriority({ score }),
    dueAt: (openedAt, priority) => caseDueAt({ priority, openedAt }),
  },
  clock: { now: () => Date.now() },
  elapsed: () => performance.now(),
  random: (bytes) => randomBytes(bytes),
  hashIdentifier,
  hashBody: (canonical) => createHash('sha256').update(canonical).digest('base64url'),
  sealer: { newSalt: () => randomBytes(16).toString('base64url'), seal: (_salt, json) => json, open: () => undefined },
  eventTime: 'bounded',
});

const app = express();
app.use(express.json({ limit: '64kb' }));
app.get('/readyz', (_request, response) => response.json({}));
app.post('/v1/evaluations', async (request, response) => {
  if (request.headers.authorization !== `Bearer ${KEY}`) return response.status(401).json({ code: 'unauthenticated' });
  const event = eventSchema.safeParse(request.body);
  if (!event.success) return response.status(422).json({ code: 'invalid' });
  const result = await evaluator.evaluate(event.data);
  if (result.ok) return response.json(result.value.decision);
  return response.status(503).json({ code: result.error.code });
});
app.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
