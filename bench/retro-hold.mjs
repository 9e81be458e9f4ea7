/**
 * How long it takes to hold the members of a ring of two thousand (the default budget of an hour), and to take it back, on a
 * real PostgreSQL with fsync on.
 *   node bench/retro-hold.mjs [--accounts 2000]
 * Limit: 2 seconds each, so that the gate can follow soon; ends with status 1 above it.
 */
import { register } from 'node:module';
import { parseArgs } from 'node:util';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { SqlAccessBatches } = await import('../src/adapters/postgres/access-batches.ts');
const { postgresCaseRecords } = await import('../src/adapters/postgres/case-records.ts');
const { SqlDecisionLog } = await import('../src/adapters/postgres/decision-log.ts');
const { migrate } = await import('../src/adapters/postgres/migrate.ts');
const { openPostgres } = await import('../src/adapters/postgres/open-postgres.ts');
const { runRetroHold } = await import('../src/ring-decisions/retro-hold.ts');
const { undoBatch } = await import('../src/ring-decisions/undo-batch.ts');
const { decisionRecord } = await import('../test/support/decision-record-builder.ts');
const { startPostgres } = await import('../test/support/postgres-server.ts');

const { values } = parseArgs({ options: { accounts: { type: 'string', default: '2000' } } });
const limitMs = 2000;
const noon = Date.UTC(2026, 4, 1, 12);
const members = Array.from({ length: Number(values.accounts) }, (_, n) => ({ accountId: `m${n}`, joinedAt: noon + n }));

const server = await startPostgres({ fsync: true });
const database = await openPostgres(server.url, { callTimeoutMs: 20_000 });
try {
  await migrate(database);
  const log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
  for (let i = 0; i < members.length; i += 100) {
    const some = members.slice(i, i + 100);
    await Promise.all(
      some.map(({ accountId }) => log.commit(decisionRecord({ number: accountId, account: accountId }))),
    );
  }
  const finder = decisionRecord({ number: 'f', outcome: 'hold', ring: 'ring_1', detectsRing: true });
  await log.commit(finder);

  const batches = new SqlAccessBatches(database);
  const batch = await batches.get(`batch_${finder.draft.id.slice(4)}`);
  let ids = 0;
  const ports = {
    records: postgresCaseRecords(database),
    batches,
    clock: { now: () => noon + 60_000 },
    eventNow: async () => noon + 60_000,
    sla: () => undefined,
    newId: (prefix) => `${prefix}_${ids++}`,
    members: {
      async membersOf(_ringId, { after, limit }) {
        const start = after === undefined ? 0 : members.findIndex(({ accountId }) => accountId === after.accountId) + 1;
        return members.slice(start, start + limit);
      },
    },
    policy: () => ({ maxAccountsPerHour: members.length, spare: ['verified', 'paid_30d'], youngerThanMs: 86_400_000 }),
  };
  const timed = async (what, work) => {
    const startedAt = performance.now();
    await work();
    const ms = Math.round(performance.now() - startedAt);
    console.log(`${what}: ${ms} ms, limit ${limitMs}`, await batches.countsOf(batch.id));
    if (ms > limitMs) process.exitCode = 1;
  };
  await timed(`${members.length} accounts held`, () => runRetroHold(batch, ports));
  await timed('taken back', () => undoBatch({ ringId: 'ring_1', batchId: batch.id, actor: 'bench' }, ports));
} finally {
  await database.close();
  await server.stop();
}
