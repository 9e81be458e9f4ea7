/**
 * How late the gate hears of changes of access: of two thousand that a retro-hold writes page by page, and of those whose
 * deliverer failed once or died with them in hand. Real PostgreSQL with fsync on, real Redis, one relay.
 *   node bench/access-delivery.mjs [--accounts 2000]
 * Limit: 2 seconds for the slowest of each; ends with status 1 above it.
 */
import { register } from 'node:module';
import { parseArgs } from 'node:util';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { SqlAccessTruth } = await import('../src/adapters/postgres/access-truth.ts');
const { migrate } = await import('../src/adapters/postgres/migrate.ts');
const { openPostgres } = await import('../src/adapters/postgres/open-postgres.ts');
const { SqlDecisionLog } = await import('../src/adapters/postgres/decision-log.ts');
const { SqlOutbox } = await import('../src/adapters/postgres/outbox.ts');
const { openRedis } = await import('../src/adapters/redis/connection.ts');
const { RedisFeatureStore } = await import('../src/adapters/redis/feature-store.ts');
const { RedisGateProjection } = await import('../src/adapters/redis/gate-projection.ts');
const { lanes, startRelay } = await import('../src/workers/relay.ts');
const { decisionRecord } = await import('../test/support/decision-record-builder.ts');
const { startPostgres } = await import('../test/support/postgres-server.ts');
const { startRedis } = await import('../test/support/redis-server.ts');

const { values } = parseArgs({ options: { accounts: { type: 'string', default: '2000' } } });
const count = Number(values.accounts);
const limitMs = 2000;
const ids = Array.from({ length: count }, (_, n) => `account_${n}`);
const pageSize = 100;

const [server, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
const database = await openPostgres(server.url, { callTimeoutMs: 20_000 });
const connection = await openRedis({ url: redis.url }, 'relay');
await connection.ready(10_000);
const outbox = new SqlOutbox(database);
const projection = new RedisGateProjection(connection);
/** When each change was committed, and the lags of those that the gate has been told of. */
const committedAt = new Map();
let lags = [];
const ports = {
  outbox,
  truth: new SqlAccessTruth(database),
  projection: heard(projection),
  features: new RedisFeatureStore(connection),
  onError: () => undefined,
};

/** Notes when the gate has what it is told. */
function heard(gate) {
  return {
    publish: async (entries) => {
      await gate.publish(entries);
      for (const { access } of entries) {
        const since = committedAt.get(access.accountId);
        if (since !== undefined) lags.push(performance.now() - since);
        committedAt.delete(access.accountId);
      }
    },
  };
}

/** As a batch writes it: an account's new state and its message in one transaction, a page at a time. */
async function changeAll(accountIds, to, onPage) {
  for (let i = 0; i < accountIds.length; i += pageSize) {
    await database.query(
      `with changed as (
        update accounts set state = $2, version = version + 1 where account_id = any($1::text[]) returning account_id
      )
      insert into outbox (kind, subject, payload)
      select 'access_changed', account_id, jsonb_build_object('from', 'admitted', 'to', $2::text) from changed`,
      [accountIds.slice(i, i + pageSize), to],
    );
    for (const id of accountIds.slice(i, i + pageSize)) committedAt.set(id, performance.now());
    onPage();
  }
}

async function delivered(many) {
  while (lags.length < many) await new Promise((resolve) => setTimeout(resolve, 5));
  const sorted = lags.sort((a, b) => a - b);
  lags = [];
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return { p50: at(0.5), p99: at(0.99), slowest: at(1) };
}

function tell(what, figures) {
  console.log(`${what}: ${JSON.stringify(figures)} ms, limit ${limitMs}`);
  if (figures.slowest > limitMs) process.exitCode = 1;
}

try {
  await migrate(database);
  const log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
  for (let i = 0; i < count; i += pageSize)
    await Promise.all(
      ids.slice(i, i + pageSize).map((id) => log.commit(decisionRecord({ number: id, account: id, outcome: 'allow' }))),
    );
  await database.query('update outbox set done_at = now()');

  const before = process.cpuUsage();
  const relay = startRelay(ports);
  await changeAll(ids, 'held', () => relay.wake());
  tell(`${count} changes of a batch`, await delivered(count));
  await relay.stop();
  const { user, system } = process.cpuUsage(before);
  console.log(`CPU of this process: ${Math.round((user + system) / count)} µs a change, written and delivered`);

  let isFirst = true;
  const failsOnce = {
    publish: async (entries) => {
      if (isFirst) throw new Error('time ran out');
      await projection.publish(entries);
    },
  };
  const failing = startRelay({ ...ports, projection: heard(failsOnce) });
  await changeAll(ids.slice(0, pageSize), 'admitted', () => failing.wake());
  setTimeout(() => {
    isFirst = false;
  }, 100);
  tell(`${pageSize} whose first tries failed`, await delivered(pageSize));
  await failing.stop();

  await changeAll(ids.slice(0, pageSize), 'held', () => undefined);
  await outbox.take({ lane: 'access', limit: pageSize, leaseMs: lanes.access.leaseMs });
  const other = startRelay(ports);
  tell(`${pageSize} whose deliverer died`, await delivered(pageSize));
  await other.stop();
} finally {
  await connection.close();
  await database.close();
  await Promise.all([server.stop(), redis.stop()]);
}
