import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';

const pathOf = (file: string) => fileURLToPath(new URL(`../support/${file}`, import.meta.url));

interface Acknowledged {
  readonly eventId: string;
  readonly state: string;
  readonly version: number;
}

/** Starts a writer, kills it once it has acknowledged `enough`, and gives back everything that it had acknowledged. */
async function writeUntilKilled(dir: string, run: string, enough: number): Promise<Acknowledged[]> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', pathOf('run-typescript.mjs'), pathOf('commit-until-killed.ts'), dir, run],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = once(child, 'exit');
  if (child.stdout === null) throw new Error('the child has no output');
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    // A line cut short by the kill is none: nobody could have read it.
    const [, eventId, state, version] = /^(\S+) (\S+) (\d+)$/.exec(line) ?? [];
    if (eventId === undefined || state === undefined) continue;
    acknowledged.push({ eventId, state, version: Number(version) });
    if (acknowledged.length === enough) child.kill('SIGKILL');
  }
  await gone;
  return acknowledged;
}

describe('kill -9 while decisions are written to the embedded database', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-kill-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('loses nothing that was acknowledged, and leaves no held account without a case', async () => {
    const acknowledged = [
      ...(await writeUntilKilled(dir, 'first', 300)),
      ...(await writeUntilKilled(dir, 'second', 700)),
    ];
    expect(acknowledged.length).toBeGreaterThanOrEqual(1000);
    const database = await openPglite(dir);
    const log = new SqlDecisionLog(database);
    for (const { eventId, state, version } of acknowledged) {
      const stored = await log.byEventId(eventId);
      expect(stored?.decision).toMatchObject({ event_id: eventId, access: { state, version } });
    }
    const orphans = await database.query(`select a.account_id from accounts a where a.state = 'held'
      and not exists (select 1 from cases c where c.account_id = a.account_id and c.state <> 'decided')`);
    expect(orphans).toEqual([]);
    const [counts] = await database.query<{ decisions: number; audited: number }>(
      'select (select count(*) from decisions) as decisions, (select count(*) from audit) as audited',
    );
    expect(counts?.audited).toBe(counts?.decisions);
    await database.close();
  }, 120_000);
});
