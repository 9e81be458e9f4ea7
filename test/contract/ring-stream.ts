import { expect, it } from '@jest/globals';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlEvidenceHistory } from '../../src/adapters/postgres/evidence-history.js';
import { SqlRescoreQueue } from '../../src/adapters/postgres/rescore-queue.js';
import { SqlRingStream } from '../../src/adapters/postgres/ring-stream.js';
import type { RingEntry } from '../../src/rings/ring-entry.js';
import type { StreamPlace } from '../../src/rings/ring-stream.js';
import { decisionRecord } from '../support/decision-record-builder.js';

let run = 0;
export const fresh = (): string => `rs${String(run++).padStart(6, '0')}`;

/** Everything behind a place, page by page. */
export async function readOn(stream: SqlRingStream, from: StreamPlace | undefined, limit = 3) {
  const entries: RingEntry[] = [];
  let place = from;
  for (;;) {
    const page = await stream.read(place, limit);
    entries.push(...page.entries);
    place = page.next;
    if (page.entries.length < limit) return { entries, place };
  }
}

const trace = { links: [{ link: 'card', key: 'k1' }], prefix: 'p1', asn: 64500 };

export async function giveTrace(database: Pick<Database, 'query'>, accountId: string): Promise<void> {
  await database.query('update decisions set trace = $2::jsonb where account_id = $1', [
    accountId,
    JSON.stringify(trace),
  ]);
}

export function ringStreamContract(database: () => Database): void {
  const commit = async (account: string, outcome: 'allow' | 'hold') => {
    const log = new SqlDecisionLog(database(), { deadlineMs: 20_000 });
    const [outcomeOf] = await Promise.all([log.commit(decisionRecord({ number: account, account, outcome }))]);
    expect(outcomeOf?.kind).toBe('committed');
    await giveTrace(database(), account);
  };

  it('tells events in the order of their commits, and what became of accounts, once each', async () => {
    const stream = new SqlRingStream(database());
    const { place: start } = await readOn(stream, undefined, 100);
    const names = Array.from({ length: 7 }, fresh);
    for (const [index, name] of names.entries()) await commit(name, index % 2 === 0 ? 'allow' : 'hold');
    const { entries, place } = await readOn(stream, start);
    const events = entries.filter(({ kind }) => kind === 'event');
    expect(events.map(({ accountId }) => accountId)).toEqual(names);
    expect(events[0]).toMatchObject({ trace });
    const standings = entries.filter(({ kind }) => kind === 'standing');
    expect(standings.map(({ accountId }) => accountId)).toEqual(names.filter((_name, index) => index % 2 === 1));
    expect(standings[0]).toMatchObject({ held: true, fraud: false, verified: false });
    expect((await stream.read(place, 10)).entries).toEqual([]);
  });

  it('tells what verifications brought, in its place among the events', async () => {
    const stream = new SqlRingStream(database());
    const [before, verified, after] = [fresh(), fresh(), fresh()];
    const { place: start } = await readOn(stream, undefined, 100);
    const traces = new SqlEvidenceHistory(database());
    const record = { id: `ver_${verified}`, accountId: verified, at: 1_700_000_000_000, evidence: { phone: 'k1.p' } };
    await commit(before, 'allow');
    await traces.keep(record, { links: [{ link: 'verified_phone', key: 'k2' }] });
    await commit(after, 'allow');
    // Delivered again.
    await traces.keep(record, { links: [{ link: 'verified_phone', key: 'k2' }] });
    for (const limit of [1, 2, 100]) {
      const { entries } = await readOn(stream, start, limit);
      expect(entries.map(({ accountId }) => accountId)).toEqual([before, verified, after]);
      expect(entries[1]).toMatchObject({ kind: 'event', at: record.at, trace: { links: [{ key: 'k2' }] } });
    }
  });

  it('tells once what a decision that was made again shares, where that is another than before', async () => {
    const stream = new SqlRingStream(database());
    const queue = new SqlRescoreQueue(database(), postgresCaseRecords(database()), (prefix) => `${prefix}_${fresh()}`);
    const [blind, same] = [fresh(), fresh()];
    for (const name of [blind, same]) await commit(name, 'allow');
    const { place } = await readOn(stream, undefined, 100);
    const eventOf = async (accountId: string): Promise<string> => {
      const sql = 'select event_id from decisions where account_id = $1';
      return (await database().query<{ event_id: string }>(sql, [accountId]))[0]?.event_id ?? '';
    };
    const whole = { ...trace, links: [...trace.links, { link: 'kind', key: 'k9' }] };
    for (let again = 0; again < 2; again++) {
      await queue.share({ eventId: await eventOf(blind) }, whole, 0);
      await queue.share({ eventId: await eventOf(same) }, trace, 0);
    }
    const told = (await readOn(stream, place)).entries;
    expect(told).toMatchObject([{ kind: 'event', accountId: blind, trace: whole }]);
    const due = await database().query('select account_id from rescores where account_id = any($1)', [[blind, same]]);
    expect(due).toEqual([{ account_id: blind }]);
  });

  it('puts a degraded decision that cannot be made again behind the others', async () => {
    const queue = new SqlRescoreQueue(database(), postgresCaseRecords(database()), (prefix) => `${prefix}_${fresh()}`);
    const names = [fresh(), fresh(), fresh()];
    for (const name of names) await commit(name, 'allow');
    const [first = '', second = '', third = ''] = names;
    const waits = `update accounts a set rescore_event_id = d.event_id from decisions d
      where d.account_id = a.account_id and a.account_id = any($1)`;
    await database().query(waits, [names]);
    const waiting = async () => (await queue.pending(10)).map(({ accountId }) => accountId);
    expect(await waiting()).toEqual(names);
    await queue.putBehind([first]);
    expect(await waiting()).toEqual([second, third, first]);
    await queue.putBehind([second]);
    expect(await waiting()).toEqual([third, first, second]);
    await queue.putBehind([first]);
    expect(await waiting()).toEqual([third, second, first]);
    await queue.giveUp(first, (await queue.pending(10)).at(-1)?.eventId ?? '');
    expect(await waiting()).toEqual([third, second]);
    for (const { accountId, eventId } of await queue.pending(10)) await queue.giveUp(accountId, eventId);
    await queue.release();
  });

  it('gives with a degraded decision what else of its account was degraded and not made again, oldest first', async () => {
    const log = new SqlDecisionLog(database(), { deadlineMs: 20_000 });
    const queue = new SqlRescoreQueue(database(), postgresCaseRecords(database()), (prefix) => `${prefix}_${fresh()}`);
    const account = fresh();
    const at = Date.parse('2026-05-03T12:00:00.000Z');
    const send = async (name: string, minute: number, degraded: string[]): Promise<string> => {
      const numbered = { number: `${account}-${name}`, account, occurredAt: at + minute * 60_000 };
      const record = decisionRecord({ ...numbered, outcome: 'limit', rescore: degraded.length > 0 });
      const outcome = await log.commit({ ...record, draft: { ...record.draft, degraded } });
      expect(outcome.kind).toBe('committed');
      return record.draft.event_id;
    };
    const blind = ['velocity_unavailable', 'ring_unavailable'];
    await send('long-ago', -3 * 24 * 60, blind);
    await send('complete', 0, ['occurred_at_clamped']);
    const first = await send('first', 1, blind);
    const erased = await send('erased', 2, blind);
    const second = await send('second', 3, blind);
    const last = await send('last', 4, blind);
    await database().query('delete from envelope_salts where event_id = $1', [erased]);
    const [pending] = await queue.pending(10);
    expect(pending).toMatchObject({ accountId: account, eventId: last });
    expect(pending?.others).toEqual(
      [
        ['first', first, 1],
        ['second', second, 3],
      ].map(([name, eventId, minute]) => ({
        eventId,
        type: 'signup',
        occurredAt: at + Number(minute) * 60_000,
        sealed: `sealed ${account}-${name}`,
        salt: `salt ${account}-${name}`,
      })),
    );
    if (pending === undefined) throw new Error('nobody is pending');
    const found = { outcome: 'allow', score: 0, reasons: [], rules: [] } as const;
    const rescored = {
      accountId: account,
      eventId: last,
      version: pending.version,
      state: 'admitted',
      requestsPerDay: null,
      probation: false,
      score: 0,
      reason: '',
      rules: [],
      verify: [],
      cost: 0,
      sla: { reasonMs: {} },
      found: [last, first].map((eventId) => ({ ...found, eventId })),
      now: at,
    } as const;
    expect(await queue.settle(pending, rescored)).toBe(true);
    expect(await queue.pending(10)).toEqual([]);
    const next = await send('next', 5, blind);
    const [again] = await queue.pending(10);
    expect(again?.eventId).toBe(next);
    expect(again?.others.map(({ eventId }) => eventId)).toEqual([second]);
    await queue.giveUp(account, next);
    await queue.release();
  });

  it('says nothing of accounts that are plainly admitted, and tells when one is released', async () => {
    const stream = new SqlRingStream(database());
    const name = fresh();
    await commit(name, 'hold');
    const { place } = await readOn(stream, undefined, 100);
    await database().query('update accounts set requests_per_day = 7 where account_id = $1', [name]);
    expect((await stream.read(place, 10)).entries).toEqual([]);
    await database().query("update accounts set state = 'admitted', verified = true where account_id = $1", [name]);
    const [released] = (await stream.read(place, 10)).entries;
    expect(released).toMatchObject({ kind: 'standing', accountId: name, held: false, verified: true });
    expect(await stream.lagMs(place)).toBeGreaterThanOrEqual(0);
  });

  it('goes on after the store was moved to a server whose transactions have lower numbers', async () => {
    const stream = new SqlRingStream(database());
    const names = Array.from({ length: 5 }, fresh);
    for (const name of names) await commit(name, 'hold');
    await database().query("update decisions set txid = '4000000000' where account_id = any($1::text[])", [names]);
    await database().query("update accounts set standing_txid = '4000000000' where account_id = $1", [names[0]]);
    const before = (await readOn(stream, undefined, 100)).entries.filter(({ kind }) => kind === 'event');
    expect(before.filter(({ accountId }) => names.includes(accountId))).toEqual([]);
    await stream.mend();
    const { entries } = await readOn(stream, undefined, 100);
    const ours = entries.filter(({ accountId }) => names.includes(accountId));
    expect(ours.map(({ kind, accountId }) => `${kind} ${accountId}`)).toEqual([
      ...names.map((name) => `event ${name}`),
      ...names.map((name) => `standing ${name}`),
    ]);
    await stream.mend();
    const later = fresh();
    await commit(later, 'allow');
    expect((await readOn(stream, undefined, 100)).entries.at(-1)).toMatchObject({ kind: 'event', accountId: later });
  });
}
