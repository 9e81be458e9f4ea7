import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CaseRecords } from '../../src/cases/case-records.js';
import { openAppeal } from '../../src/cases/open-appeal.js';
import type { QueueFigures } from '../../src/cases/queue-figures.js';
import { type CaseFilter, type Ended, type ListedCase, queueViews } from '../../src/cases/review-queue.js';
import { undoMany } from '../../src/cases/undo-many.js';
import type { DecisionLog } from '../../src/decisions/decision-log.js';
import type { Problem } from '../../src/model/problem.js';
import type { Result } from '../../src/model/result.js';
import { type Clock, toIso } from '../../src/model/time.js';
import type { AllOfCases } from '../support/all-of-cases.js';
import { decisionRecord } from '../support/decision-record-builder.js';

export interface QueueWorld {
  readonly cases: AllOfCases;
  readonly records: CaseRecords;
  readonly log: DecisionLog;
  /** Kinds of the undelivered outbox messages about a case, oldest first. */
  messages(subject: string): Promise<readonly { kind: string }[]>;
}

interface Waiting {
  readonly score?: number;
  readonly priority?: number;
  /** Hours before `now`. */
  readonly openedAgo?: number;
  /** Hours from `now`. */
  readonly dueIn?: number;
  readonly ring?: string;
  readonly wholeRing?: boolean;
  readonly country?: string;
  /** In place of what a decision usually saw. */
  readonly inputs?: Readonly<Record<string, string | number>>;
}

const now = Date.parse('2026-05-02T12:00:00.000Z');
const hour = 3_600_000;

function succeeded<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.error)}`);
  return result.value;
}
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'ok' : result.error.code);

/** What the queue does for those who work it, and its figures where they are kept; each test begins with an empty one. */
export function queueContract(open: () => QueueWorld, figuresOf?: () => QueueFigures): void {
  let world: QueueWorld;
  let cases: AllOfCases;
  beforeAll(() => {
    world = open();
    cases = world.cases;
  });

  const wait = async (id: string, waiting: Waiting = {}): Promise<string> => {
    const { score = 70, priority = score, openedAgo = 0, dueIn = 24, ring, wholeRing = false, country } = waiting;
    const made = decisionRecord({ number: id, account: id, outcome: 'hold' });
    const { draft } = made;
    const inputs = waiting.inputs ?? made.inputs;
    await world.log.commit({
      ...made,
      priority,
      caseDueAt: now + dueIn * hour,
      detectsRing: wholeRing,
      inputs: country === undefined ? inputs : { ...inputs, 'ip.country': country },
      draft: {
        ...draft,
        score,
        ring: ring === undefined ? null : { id: ring, size: 9 },
        decided_at: toIso(now - openedAgo * hour),
      },
    });
    return `case_${id}`;
  };
  const reject = async (caseId: string, actor = 'ann'): Promise<void> => {
    const { claimToken } = succeeded(await cases.claim(caseId, actor, now, { isSenior: true }));
    const decision = { caseId, claimToken, actor, isSenior: true, decision: 'reject', reason: 'done', now } as const;
    succeeded(await cases.decide(decision));
  };
  const list = async (filter: Partial<CaseFilter>): Promise<readonly ListedCase[]> =>
    (await cases.list({ sort: 'priority', limit: 200, actor: 'ann', now, ...filter })).cases;
  const idsOf = async (filter: Partial<CaseFilter>): Promise<readonly string[]> =>
    (await list(filter)).map(({ accountId }) => accountId);
  const emptied = async (): Promise<void> => {
    for (const { id, claimedBy, state } of await list({})) {
      if (state === 'decided') continue;
      if (state === 'claimed' && claimedBy !== null) throw new Error(`${id} is still claimed`);
      await reject(id);
    }
  };
  const nextOf = async (actor: string, isSenior = false) => {
    const claim = await cases.claimNext(actor, now, { isSenior });
    if (claim !== undefined)
      succeeded(
        await cases.decide({ caseId: claim.case.id, claimToken: claim.claimToken, actor, decision: 'reject', now }),
      );
    return claim?.case.accountId;
  };

  it('lets waiting raise a case: half an hour for each point', async () => {
    await wait('fresh_90', { score: 90 });
    await wait('older_85', { score: 85, openedAgo: 3 });
    await wait('older_86', { score: 86, openedAgo: 1 });
    expect(await idsOf({ view: 'unclaimed' })).toEqual(['older_85', 'fresh_90', 'older_86']);
    await emptied();
  });

  it('gives every fourth pick to the single account that has waited longest', async () => {
    for (let i = 0; i < 12; i++) await wait(`flood_${i}`, { score: 100, priority: 130, ring: `ring_flood_${i}` });
    await wait('honest_new', { score: 61, openedAgo: 1 });
    await wait('honest_old', { score: 60, openedAgo: 2 });
    const picked: (string | undefined)[] = [];
    for (let i = 0; i < 8; i++) picked.push(await nextOf('ann'));
    const honest = picked.filter((id) => id?.startsWith('honest'));
    expect(honest).toEqual(['honest_old', 'honest_new']);
    const [first, second] = honest.map((id) => picked.indexOf(id));
    expect((second ?? 0) - (first ?? 0)).toBe(4);
    await emptied();
  });

  it('leaves what is assigned to its assignee, and what is escalated to a senior', async () => {
    const assigned = await wait('for_bob');
    const escalated = await wait('for_senior', { score: 65 });
    expect(succeeded(await cases.assign({ caseId: assigned, to: 'bob', actor: 'ann', now }))).toMatchObject({
      assignedTo: 'bob',
    });
    const escalation = { caseId: escalated, reason: 'contradictions', actor: 'ann', now };
    expect(succeeded(await cases.escalate(escalation))).toMatchObject({ escalatedAt: now, state: 'open' });
    expect(codeOf(await cases.escalate(escalation))).toBe('conflict');
    expect(await cases.claimNext('ann', now)).toBeUndefined();
    expect(codeOf(await cases.claim(escalated, 'ann', now))).toBe('conflict');
    expect(await nextOf('bob')).toBe('for_bob');
    expect(await nextOf('sue', true)).toBe('for_senior');
    const timeline = (await cases.get(escalated))?.timeline ?? [];
    expect(timeline).toContainEqual({ at: now, actor: 'ann', kind: 'escalated', detail: { reason: 'contradictions' } });
  });

  it('gives an assigned case back to all', async () => {
    const caseId = await wait('unassigned');
    succeeded(await cases.assign({ caseId, to: 'bob', actor: 'ann', now }));
    succeeded(await cases.assign({ caseId, to: null, actor: 'ann', now }));
    expect(await nextOf('ann')).toBe('unassigned');
    expect(codeOf(await cases.assign({ caseId, to: 'bob', actor: 'ann', now }))).toBe('conflict');
    expect(codeOf(await cases.assign({ caseId: 'case_nowhere', to: null, actor: 'ann', now }))).toBe('not_found');
  });

  it('is assigned to nobody who could not be given it', async () => {
    const caseId = await wait('beyond_bob');
    succeeded(await cases.assign({ caseId, to: 'bob', actor: 'ann', now }));
    succeeded(await cases.escalate({ caseId, reason: 'contradictions', actor: 'ann', now }));
    const refused = await cases.assign({ caseId, to: 'bob', actor: 'ann', now });
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid', errors: [{ pointer: '/to' }] } });
    succeeded(await cases.assign({ caseId, to: 'sue', toSenior: true, actor: 'ann', now }));
    expect(await nextOf('sue', true)).toBe('beyond_bob');
    await emptied();
  });

  it('is given to others when whom it is assigned to may not decide its appeal', async () => {
    const caseId = await wait('appealing');
    succeeded(await cases.assign({ caseId, to: 'bob', actor: 'ann', now }));
    const appeal = { appealId: 'appeal_1', accountId: 'appealing', decidedBy: 'bob', actor: 'privacy', now };
    succeeded(await openAppeal(world.records, { ...appeal, newId: (prefix) => `${prefix}_of_appeal` }));
    const refused = await cases.assign({ caseId, to: 'bob', toSenior: true, actor: 'ann', now });
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid', errors: [{ pointer: '/to' }] } });
    expect(await cases.claimNext('bob', now)).toBeUndefined();
    expect(await nextOf('ann')).toBe('appealing');
    await emptied();
  });

  it('ends the claim of whoever escalates, and refuses it to a bystander', async () => {
    const caseId = await wait('escalated_claim');
    const { claimToken } = succeeded(await cases.claim(caseId, 'ann', now));
    expect(codeOf(await cases.escalate({ caseId, reason: 'x', actor: 'bob', now }))).toBe('conflict');
    succeeded(await cases.escalate({ caseId, reason: 'x', actor: 'ann', now }));
    expect(codeOf(await cases.heartbeat(caseId, claimToken, 'ann', now))).toBe('stale_claim');
    await emptied();
  });

  it('shows each view what belongs to it', async () => {
    await wait('plain', { dueIn: 30 });
    await wait('soon', { dueIn: 0.5 });
    await wait('ringed', { ring: 'ring_view', wholeRing: true });
    const mine = succeeded(await cases.claim(await wait('mine'), 'ann', now));
    const later = succeeded(await cases.claim(await wait('later', { dueIn: -1 }), 'ann', now));
    succeeded(await cases.snooze(later.case.id, later.claimToken, now + hour, 'ann', now));
    await cases.assign({ caseId: await wait('given'), to: 'ann', actor: 'bob', now });
    await cases.assign({ caseId: await wait('others'), to: 'bob', actor: 'bob', now });
    await cases.escalate({ caseId: await wait('up'), reason: 'x', actor: 'bob', now });
    expect([...(await idsOf({ view: 'mine' }))].sort()).toEqual(['given', 'mine']);
    expect([...(await idsOf({ view: 'unclaimed' }))].sort()).toEqual(['given', 'plain', 'ringed', 'soon']);
    expect(await idsOf({ view: 'due' })).toEqual(['soon']);
    expect(await idsOf({ view: 'rings' })).toEqual(['ringed']);
    expect(await idsOf({ view: 'snoozed' })).toEqual(['later']);
    expect(await idsOf({ view: 'escalated' })).toEqual(['up']);
    expect(await idsOf({ view: 'appeals' })).toEqual([]);
    succeeded(await cases.unclaim(mine.case.id, mine.claimToken, 'ann', now));
    await emptied();
  });

  it('shows a case whose lease or snooze has run out as one that waits for all', async () => {
    succeeded(await cases.claim(await wait('lapsed_claim'), 'ann', now, { leaseMs: 1000 }));
    const put = succeeded(await cases.claim(await wait('lapsed_snooze'), 'ann', now));
    succeeded(await cases.snooze(put.case.id, put.claimToken, now + 1000, 'ann', now));
    const at = async (later: number, filter: Partial<CaseFilter>) =>
      [...(await idsOf({ ...filter, now: now + later }))].sort();
    const both = ['lapsed_claim', 'lapsed_snooze'];
    expect(await at(999, { view: 'mine' })).toEqual(['lapsed_claim']);
    expect(await at(999, { state: 'claimed' })).toEqual(['lapsed_claim']);
    expect(await at(999, { view: 'snoozed' })).toEqual(['lapsed_snooze']);
    expect(await at(999, { state: 'snoozed' })).toEqual(['lapsed_snooze']);
    expect(await at(999, { state: 'open' })).toEqual([]);
    for (const filter of [{ view: 'mine' }, { view: 'snoozed' }, { state: 'claimed' }, { state: 'snoozed' }] as const)
      expect(await at(1000, filter)).toEqual([]);
    for (const filter of [{ view: 'unclaimed' }, { state: 'open' }] as const)
      expect(await at(1000, filter)).toEqual(both);
    expect(await at(48 * hour, { view: 'due' })).toEqual(both);
    expect(await at(1000, { state: 'decided', q: 'lapsed' })).toEqual([]);
    const open = { state: 'open', claimedBy: null, leaseUntil: null, snoozedUntil: null };
    expect(await list({ now: now + 1000, q: 'lapsed' })).toMatchObject([open, open]);
    if (figuresOf !== undefined) {
      const { views } = await figuresOf().workload('ann', now + 10_000);
      expect([views.mine.cases, views.unclaimed.cases, views.snoozed.cases]).toEqual([0, 2, 0]);
    }
    const given = succeeded(
      await cases.assign({ caseId: 'case_lapsed_claim', to: 'bob', actor: 'sue', now: now + 1000 }),
    );
    expect(given).toMatchObject(open);
    for (const id of both) await reject(`case_${id}`);
  });

  const at = (time: number): Clock => ({ now: () => time });
  const endsOf = (ended: readonly Ended[]) => ended.map(({ result }) => codeOf(result));

  it('decides several together, leaves what others work on, and takes them back as one', async () => {
    const ids = [await wait('many_a'), await wait('many_b'), await wait('many_c')];
    const [, theirs = ''] = ids;
    const theirClaim = succeeded(await cases.claim(theirs, 'bob', now));
    const command = { reason: 'one card', label: 'fraud', actor: 'ann', isSenior: false, clock: at(now) } as const;
    const ended = await cases.decideMany({
      ...command,
      caseIds: [...ids, ...ids, 'case_nowhere'],
      decision: 'reject',
    });
    expect(ended.map(({ caseId }) => caseId)).toEqual([...ids, 'case_nowhere']);
    expect(endsOf(ended)).toEqual(['ok', 'conflict', 'ok', 'not_found']);
    expect((await world.log.status('many_a'))?.access.state).toBe('denied');
    const undo = { caseIds: ids, actor: 'ann', isSenior: false };
    expect(endsOf(await undoMany(cases, { ...undo, now: now + 9_999 }))).toEqual(['ok', 'conflict', 'ok']);
    for (const id of ['many_a', 'many_c']) expect((await world.log.status(id))?.access.state).toBe('held');
    expect(endsOf(await undoMany(cases, { ...undo, now: now + 9_999 }))).toEqual(['conflict', 'conflict', 'conflict']);
    succeeded(await cases.unclaim(theirs, theirClaim.claimToken, 'bob', now));
    await cases.decideMany({ ...command, caseIds: ids, decision: 'approve', clock: at(now + 20_000) });
    expect(endsOf(await undoMany(cases, { ...undo, now: now + 30_000 }))).toEqual(['conflict', 'conflict', 'conflict']);
    await emptied();
  });

  it('decides several at one time, the one when all of them are at hand', async () => {
    const ids = [await wait('once_a'), await wait('once_b')];
    let time = now + 8_000;
    const clock: Clock = { now: () => time++ };
    const command = { caseIds: ids, decision: 'approve', reason: 'x', actor: 'ann', isSenior: false, clock } as const;
    const ended = await cases.decideMany(command);
    const decidedAt = ended.map(({ result }) => succeeded(result).case?.decidedAt);
    expect(decidedAt).toEqual([now + 8_000, now + 8_000]);
    const timeline = (await cases.get(ids[0] ?? ''))?.timeline.map(({ kind }) => kind);
    expect(timeline).toEqual(['opened', 'claimed', 'decided']);
    const undo = { caseIds: ids, actor: 'ann', isSenior: false };
    expect(endsOf(await undoMany(cases, { ...undo, now: now + 17_999 }))).toEqual(['ok', 'ok']);
    await emptied();
  });

  it('lets one of two who decide the same cases together have each', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => wait(`both_${n}`)));
    const command = { decision: 'reject', reason: 'x', isSenior: false, clock: at(now) } as const;
    const both = await Promise.all([
      cases.decideMany({ ...command, caseIds: ids, actor: 'ann' }),
      open().cases.decideMany({ ...command, caseIds: [...ids].reverse(), actor: 'bob' }),
    ]);
    const ends = both.flatMap((ended) => ended.map(({ caseId, result }) => `${caseId} ${codeOf(result)}`));
    expect(ends.sort()).toEqual(ids.flatMap((id) => [`${id} conflict`, `${id} ok`]).sort());
  });

  it('decides together also what whoever decides has claimed', async () => {
    const mine = await wait('many_mine');
    const { claimToken } = succeeded(await cases.claim(mine, 'ann', now));
    const command = { caseIds: [mine], reason: 'one card', actor: 'ann', isSenior: false, clock: at(now + 1) } as const;
    expect(endsOf(await cases.decideMany({ ...command, decision: 'reject' }))).toEqual(['ok']);
    expect(codeOf(await cases.heartbeat(mine, claimToken, 'ann', now + 2))).toBe('stale_claim');
    await emptied();
  });

  if (figuresOf !== undefined)
    it('counts what each view shows, how late it is, and who decided how many', async () => {
      await wait('f_late', { dueIn: -1, openedAgo: 3 });
      await wait('f_soon', { dueIn: 0.5, openedAgo: 2 });
      await wait('f_ring', { ring: 'ring_figures', wholeRing: true });
      await cases.assign({ caseId: await wait('f_given'), to: 'ann', actor: 'bob', now });
      await cases.escalate({ caseId: await wait('f_up'), reason: 'x', actor: 'bob', now });
      const decided = await wait('f_decided', { openedAgo: 2 });
      // A name of this test's own: others have decided before it.
      const command = { reason: 'x', actor: 'figures_ann', isSenior: true, clock: at(now) } as const;
      await cases.decideMany({ ...command, caseIds: [decided], decision: 'reject' });
      const figures = figuresOf();
      const workload = await figures.workload('ann', now);
      for (const view of queueViews) {
        const shown = await list({ view, actor: 'ann' });
        const oldestAt = shown.length === 0 ? null : Math.min(...shown.map(({ openedAt }) => openedAt));
        expect({ view, ...workload.views[view] }).toEqual({ view, cases: shown.length, oldestAt });
      }
      expect(workload).toMatchObject({ undecided: 5, late: 1, dueInHour: 1 });
      expect(await figures.late(now)).toBe(1);
      expect(workload.medianMs).not.toBeNull();
      const mine = workload.reviewers.find(({ actor }) => actor === 'figures_ann');
      expect(mine).toEqual({ actor: 'figures_ann', name: null, decisions: 1, medianMs: 2 * hour });
      await emptied();
    });

  describe.each(['a fraud label', 'a person', 'an appeal'] as const)('a case that %s opens', (opener) => {
    const openers = {
      async 'a fraud label'(accountId: string) {
        const label = { accountId, label: 'fraud', source: 'billing', observedAt: now } as const;
        succeeded(await cases.recordLabel(label, 'billing', now));
      },
      async 'a person'(accountId: string) {
        succeeded(await cases.changeManually({ accountId, to: 'held', reason: 'odd', actor: 'bob', now }));
      },
      async 'an appeal'(accountId: string) {
        const change = { accountId, to: 'denied', reason: 'odd', actor: 'bob', now } as const;
        succeeded(await cases.changeManually(change));
        const appeal = { appealId: `appeal_${accountId}`, accountId, decidedBy: 'bob', actor: 'privacy', now };
        succeeded(await openAppeal(world.records, { ...appeal, newId: (prefix) => `${prefix}_of_${accountId}` }));
      },
    };
    const account = `shows_${opener.slice(-5)}`;
    const saw = (number: string, country: string, ring: { readonly ring?: string } = {}) => {
      const inputs = { 'ip.country': country, 'ip.asn': 20712, 'email.domain': 'mail.example', 'email.is_free': true };
      return world.log.commit(decisionRecord({ number: `${account}_${number}`, account, inputs, ...ring }));
    };

    it('shows what the newest decision about the account saw, in words of its own, and is found by its country', async () => {
      await saw('1', 'FR');
      await saw('3', 'GB', { ring: 'ring_shown' });
      await saw('2', 'DE');
      await openers[opener](account);
      const [found, ...others] = await list({ country: 'GB', q: account });
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        decisionId: `dec_${account}_3`,
        ringId: 'ring_shown',
        seen: { title: null, country: 'GB', network: 'AS20712', emailDomain: 'mail.example' },
      });
      expect(await list({ ring: 'ring_shown', q: account })).toHaveLength(1);
      await emptied();
    });
  });

  it('finds cases by the beginning of the account, by country and by score', async () => {
    await wait('find_a%', { country: 'DE', score: 62 });
    await wait('find_ab', { country: 'FR', score: 90 });
    await wait('finder', { country: 'DE', score: 90 });
    expect(await idsOf({ view: 'unclaimed', q: 'find_a' })).toEqual(['find_ab', 'find_a%']);
    expect(await idsOf({ view: 'unclaimed', q: 'find_a%' })).toEqual(['find_a%']);
    expect([...(await idsOf({ view: 'unclaimed', country: 'DE' }))].sort()).toEqual(['find_a%', 'finder']);
    expect(await idsOf({ view: 'unclaimed', country: 'DE', minScore: 80 })).toEqual(['finder']);
    await emptied();
  });

  it('finds the case of a ring by any account that waits in it', async () => {
    await wait('crew_first', { ring: 'ring_crew', wholeRing: true });
    await wait('other_member', { ring: 'ring_crew' });
    await wait('other_alone');
    expect([...(await idsOf({ view: 'unclaimed', q: 'other_' }))].sort()).toEqual(['crew_first', 'other_alone']);
    expect(await idsOf({ view: 'unclaimed', q: 'other_member' })).toEqual(['crew_first']);
    expect(await idsOf({ view: 'unclaimed', q: 'other_members' })).toEqual([]);
    await emptied();
  });

  it('shows what the decision saw in each row', async () => {
    await wait('seen', { country: 'DE' });
    await wait('seen_ring', { country: 'FR', ring: 'ring_seen', wholeRing: true });
    const rows = await list({ view: 'unclaimed', q: 'seen' });
    expect(rows.map(({ seen }) => ({ ...seen, ringSize: null }))).toEqual([
      {
        title: 'Same payment method on 11 accounts',
        country: 'DE',
        network: 'AS64500',
        emailDomain: 'mail.example',
        ringSize: null,
      },
      expect.objectContaining({ country: 'FR', network: 'AS64500' }),
    ]);
    await emptied();
  });

  it('says where the signup came from when no rule read the address of the event', async () => {
    const place = { 'signup.country': 'DE', 'signup.asn': 64501 };
    await wait('from_signup', { inputs: place });
    await wait('from_ring', { inputs: place, ring: 'ring_from', wholeRing: true });
    await wait('from_both', { inputs: { ...place, 'ip.country': 'NL', 'ip.asn': 64502 } });
    const rows = await list({ view: 'unclaimed', q: 'from_' });
    expect(rows.map(({ accountId, seen }) => [accountId, seen.country, seen.network]).sort()).toEqual([
      ['from_both', 'NL', 'AS64502'],
      ['from_ring', 'DE', 'AS64501'],
      ['from_signup', 'DE', 'AS64501'],
    ]);
    expect([...(await idsOf({ view: 'unclaimed', country: 'DE' }))].sort()).toEqual(['from_ring', 'from_signup']);
    await emptied();
  });

  it('tells once of a case that was not decided in time', async () => {
    const late = await wait('late', { dueIn: -1 });
    const intime = await wait('in_time', { dueIn: 1 });
    expect(await cases.recordBreaches(now)).toBe(1);
    expect(await cases.recordBreaches(now + 1)).toBe(0);
    const kinds = ((await cases.get(late))?.timeline ?? []).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'sla_breached')).toHaveLength(1);
    expect((await world.messages(late)).map(({ kind }) => kind)).toEqual(['case_opened', 'case_breached']);
    await reject(intime);
    expect(await cases.recordBreaches(now + 2 * hour)).toBe(0);
    await emptied();
  });

  it('keeps a claim through a breach', async () => {
    const { case: found, claimToken } = succeeded(await cases.claim(await wait('kept', { dueIn: -1 }), 'ann', now));
    expect(await cases.recordBreaches(now)).toBe(1);
    expect(codeOf(await cases.heartbeat(found.id, claimToken, 'ann', now))).toBe('ok');
  });
}
