import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { decisionRecord } from './decision-record-builder.js';

// A child process: commits decisions through the embedded database, 16 at a time, and prints a line
// `EVENT_ID STATE VERSION` for each one that was acknowledged, until someone kills it.
const [dir = '', run = ''] = process.argv.slice(2);
const outcomes = ['allow', 'limit', 'hold'] as const;

const database = await openPglite(dir);
await migrate(database);
const log = new SqlDecisionLog(database, { deadlineMs: 20_000 });

async function commitForever(lane: number): Promise<void> {
  for (let n = 0; ; n++) {
    const outcome = outcomes[n % 3] ?? 'allow';
    const record = decisionRecord({ number: `${run}-${lane}-${n}`, outcome, account: `a${lane}-${n % 50}` });
    const result = await log.commit(record);
    if (result.kind !== 'committed') throw new Error(JSON.stringify(result));
    process.stdout.write(`${record.draft.event_id} ${result.access.state} ${result.access.version}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, lane) => commitForever(lane)));
