import { beforeAll, expect, it } from '@jest/globals';
import type { CommitOutcome, DecisionLog } from '../../src/decisions/decision-log.js';
import { accessRank, stateOfOutcome } from '../../src/model/access.js';
import { decisionSchema } from '../../src/model/decision.js';
import { outcomes } from '../../src/model/rule.js';
import { decisionRecord } from '../support/decision-record-builder.js';

const kinds = (results: readonly CommitOutcome[]) => results.map(({ kind }) => kind).sort();

function committed(outcome: CommitOutcome) {
  if (outcome.kind !== 'committed') throw new Error(`expected a commit: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** `open` gives a view of the same truth at each call: two of them are two instances of the service. */
export function decisionLogContract(open: () => DecisionLog): void {
  let log: DecisionLog;
  let twin: DecisionLog;
  beforeAll(() => {
    log = open();
    twin = open();
  });

  it('admits a new account at version 1 and gives the stored decision back as it went out', async () => {
    const record = decisionRecord({ number: 100 });
    const { decision, access, accessChanged } = committed(await log.commit(record));
    expect(access).toEqual({ accountId: 'acct_100', state: 'admitted', version: 1 });
    expect(accessChanged).toBe(true);
    expect(decision).toEqual({ ...record.draft, access: { state: 'admitted', version: 1 }, case_id: null });
    expect(decisionSchema.parse(decision)).toEqual(decision);
    const stored = { decision, bodyHash: 'hash', inputs: record.inputs };
    expect(await twin.byId(decision.id)).toEqual(stored);
    expect(await twin.byEventId('evt_100')).toEqual(stored);
  });

  it('opens one case when an account becomes held, and names it in later decisions', async () => {
    const first = committed(await log.commit(decisionRecord({ number: 110, account: 'held', outcome: 'hold' })));
    expect(first.decision).toMatchObject({ access: { state: 'held', version: 1 }, case_id: 'case_110' });
    const second = committed(await log.commit(decisionRecord({ number: 111, account: 'held', outcome: 'hold' })));
    expect(second).toMatchObject({ accessChanged: false, decision: { access: { version: 1 }, case_id: 'case_110' } });
    expect(await log.status('held')).toMatchObject({ openCaseId: 'case_110', access: { state: 'held', version: 1 } });
  });

  it('never loosens: an allow after a hold is recorded and changes nothing', async () => {
    await log.commit(decisionRecord({ number: 120, account: 'kept', outcome: 'hold' }));
    const after = committed(await log.commit(decisionRecord({ number: 121, account: 'kept', outcome: 'allow' })));
    expect(after.accessChanged).toBe(false);
    expect(after.decision).toMatchObject({
      outcome: 'allow',
      access: { state: 'held', version: 1 },
      case_id: 'case_120',
    });
  });

  it('opens no case for a denied account', async () => {
    const { decision } = committed(await log.commit(decisionRecord({ number: 130, outcome: 'deny' })));
    expect(decision).toMatchObject({ access: { state: 'denied', version: 1 }, case_id: null });
    expect(await log.status('acct_130')).toMatchObject({ openCaseId: null });
    const later = decisionRecord({ number: 131, account: 'acct_130', outcome: 'hold' });
    expect(committed(await log.commit(later)).decision).toMatchObject({ access: { state: 'denied' }, case_id: null });
  });

  it('offers a denied account nothing, whatever a later event of it amounts to', async () => {
    await log.commit(decisionRecord({ number: 132, account: 'refused', outcome: 'deny' }));
    for (const [index, outcome] of (['allow', 'limit', 'hold'] as const).entries()) {
      const later = decisionRecord({ number: 133 + index, account: 'refused', outcome });
      const { decision } = committed(await log.commit(later));
      expect(decision).toMatchObject({ outcome, access: { state: 'denied' }, public_reason: 'access_refused' });
      expect(await log.commit(later)).toEqual({ kind: 'replayed', decision });
    }
  });

  it('carries the quota of a limited account, and keeps the first one while access stays', async () => {
    const record = decisionRecord({ number: 140, account: 'slow', outcome: 'limit', requestsPerDay: 50 });
    expect(committed(await log.commit(record)).decision.access).toEqual({
      state: 'limited',
      version: 1,
      limits: { requests_per_day: 50 },
    });
    const again = decisionRecord({ number: 141, account: 'slow', outcome: 'limit', requestsPerDay: 70 });
    expect(committed(await log.commit(again)).access).toMatchObject({ version: 1, requestsPerDay: 50 });
    const held = committed(await log.commit(decisionRecord({ number: 142, account: 'slow', outcome: 'hold' })));
    expect(held.decision.access).toEqual({ state: 'held', version: 2 });
    expect(held.decision.case_id).toBe('case_142');
  });

  it('replays the stored answer for the same body and refuses another one without any effect', async () => {
    const first = committed(await log.commit(decisionRecord({ number: 150 })));
    const repeat = decisionRecord({ number: 151, account: 'acct_150', eventId: 'evt_150', outcome: 'hold' });
    expect(await twin.commit(repeat)).toEqual({ kind: 'replayed', decision: first.decision });
    expect(await twin.commit({ ...repeat, bodyHash: 'other' })).toEqual({ kind: 'mismatch' });
    const stranger = decisionRecord({ number: 152, eventId: 'evt_150', bodyHash: 'other', apiKeyId: 'key_152' });
    expect(await log.commit(stranger)).toEqual({ kind: 'mismatch' });
    expect(await log.status('acct_152')).toBeUndefined();
    expect(await log.status('acct_150')).toMatchObject({ access: { state: 'admitted', version: 1 }, openCaseId: null });
    expect(await log.byId('dec_00000152')).toBeUndefined();
  });

  it('knows the repeat of an event that was decided before hashes of bodies had a key', async () => {
    const first = committed(await log.commit(decisionRecord({ number: 155, bodyHash: 'digest' })));
    const repeat = {
      ...decisionRecord({ number: 156, account: 'acct_155', eventId: 'evt_155', bodyHash: 'k1.keyed' }),
    };
    expect(await twin.commit({ ...repeat, formerBodyHash: 'digest' })).toEqual({
      kind: 'replayed',
      decision: first.decision,
    });
    expect(await twin.commit({ ...repeat, formerBodyHash: 'other' })).toEqual({ kind: 'mismatch' });
  });

  it('gives the decision of an erased event to its own account, and never decides it again', async () => {
    const first = committed(await log.commit(decisionRecord({ number: 157, bodyHash: 'erased' })));
    const repeat = { number: 158, eventId: 'evt_157', bodyHash: 'k1.any' };
    expect(await twin.commit(decisionRecord({ ...repeat, account: 'acct_157' }))).toEqual({
      kind: 'replayed',
      decision: first.decision,
    });
    expect(await twin.commit(decisionRecord({ ...repeat, account: 'acct_stranger' }))).toEqual({ kind: 'mismatch' });
    const ofKey = decisionRecord({ ...repeat, account: 'acct_157', apiKeyId: 'key_157' });
    expect(await twin.commit(ofKey)).toEqual({ kind: 'mismatch' });
    expect(await log.status('acct_stranger')).toBeUndefined();
  });

  it('makes one decision of 50 duplicates that come at once over two instances', async () => {
    const duplicates = Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? log : twin).commit(
        decisionRecord({ number: 1600 + index, account: 'many', eventId: 'evt_many', outcome: 'hold' }),
      ),
    );
    const results = await Promise.all(duplicates);
    expect(kinds(results)).toEqual(['committed', ...Array(49).fill('replayed')]);
    const answers = results.map((result) => ('decision' in result ? result.decision : undefined));
    expect(new Set(answers.map((answer) => answer?.id)).size).toBe(1);
    expect(await log.byAccount('many', { limit: 10 })).toHaveLength(1);
  });

  it('settles escalations of one account that come at once over two instances', async () => {
    const rising = Array.from({ length: 40 }, (_, index) => outcomes[index % 4] ?? 'allow');
    const results = await Promise.all(
      rising.map((outcome, index) =>
        (index % 2 === 0 ? log : twin).commit(decisionRecord({ number: 1700 + index, account: 'rising', outcome })),
      ),
    );
    const accesses = results.map((result) => committed(result));
    for (const [index, { access }] of accesses.entries()) {
      const decided = stateOfOutcome[rising[index] ?? 'allow'];
      expect(accessRank[access.state]).toBeGreaterThanOrEqual(accessRank[decided]);
    }
    const changes = accesses.filter(({ accessChanged }) => accessChanged).map(({ access }) => access.version);
    expect(changes.sort()).toEqual(changes.map((_, index) => index + 1));
    const final = (await log.status('rising'))?.access;
    expect(final).toMatchObject({ state: 'denied', version: changes.length });
    // A state and its version belong together, whoever saw it.
    const stateOf = new Map(accesses.map(({ access }) => [access.version, access.state]));
    for (const { access } of accesses) expect(access.state).toBe(stateOf.get(access.version));
  });

  it('commits many accounts at once, each for itself', async () => {
    const records = Array.from({ length: 300 }, (_, index) =>
      decisionRecord({ number: 2000 + index, outcome: outcomes[index % 4] ?? 'allow' }),
    );
    const results = await Promise.all(records.map((record, index) => (index % 3 === 0 ? twin : log).commit(record)));
    for (const [index, result] of results.entries()) {
      expect(committed(result).decision.event_id).toBe(`evt_${2000 + index}`);
      expect(committed(result).access.state).toBe(stateOfOutcome[outcomes[index % 4] ?? 'allow']);
    }
  });

  it('lists the decisions of an account newest first, page by page', async () => {
    for (const number of [190, 191, 192]) await log.commit(decisionRecord({ number, account: 'listed' }));
    const page = await log.byAccount('listed', { limit: 2 });
    expect(page.map(({ decision }) => decision.id)).toEqual(['dec_00000192', 'dec_00000191']);
    const rest = await log.byAccount('listed', { limit: 2, before: 'dec_00000191' });
    expect(rest.map(({ decision }) => decision.id)).toEqual(['dec_00000190']);
  });

  it('gives the sealed events of an account oldest first, and its first sight', async () => {
    const noon = Date.parse('2026-05-01T12:00:00.000Z');
    await log.commit(decisionRecord({ number: 195, account: 'sealed', occurredAt: noon }));
    await log.commit(decisionRecord({ number: 196, account: 'sealed', occurredAt: noon - 60_000 }));
    const events = await log.eventsOf('sealed');
    expect(events.map(({ eventId }) => eventId)).toEqual(['evt_196', 'evt_195']);
    expect(events[1]).toEqual({
      eventId: 'evt_195',
      type: 'signup',
      occurredAt: noon,
      sealed: 'sealed 195',
      salt: 'salt 195',
    });
    expect(await log.status('sealed')).toMatchObject({ firstSeenAt: noon - 60_000, verified: false, clearedRules: [] });
  });

  it('gives each of many that ask at once the decision of its own event, and those of no event none', async () => {
    const records = Array.from({ length: 40 }, (_, n) => decisionRecord({ number: 210 + n, account: 'asked-for' }));
    for (const record of records) await log.commit(record);
    const eventIds = [...records.map(({ draft }) => draft.event_id), 'evt_no_one', 'evt_210'];
    const found = await Promise.all(eventIds.map((eventId) => twin.byEventId(eventId)));
    expect(found.map((one) => one?.decision.event_id)).toEqual([...eventIds.slice(0, 40), undefined, 'evt_210']);
  });

  it('finds what was committed before it was asked, also while another question is on its way', async () => {
    const early = log.byEventId('evt_260');
    await new Promise(setImmediate);
    const record = decisionRecord({ number: 260 });
    await twin.commit(record);
    expect((await log.byEventId('evt_260'))?.decision.id).toBe(record.draft.id);
    await early;
  });

  it('knows nothing of what it was never told', async () => {
    expect(await log.byId('dec_none')).toBeUndefined();
    expect(await log.byEventId('evt_none')).toBeUndefined();
    expect(await log.status('none')).toBeUndefined();
    expect(await log.byAccount('none', { limit: 5 })).toEqual([]);
    expect(await log.eventsOf('none')).toEqual([]);
  });
}
