import { describe, expect, it } from '@jest/globals';
import { MemoryAccountMemory } from '../../../src/adapters/memory/account-memory.js';
import { MemoryDecisionLog } from '../../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../../src/adapters/memory/memory-truth.js';
import { decisionRecord } from '../../support/decision-record-builder.js';

const day = 86_400_000;

describe('a truth that keeps state only', () => {
  it('knows where accounts stand, and neither their decisions nor their events', async () => {
    const truth = new MemoryTruth('state');
    const log = new MemoryDecisionLog(truth);
    const first = decisionRecord({ number: 1, account: 'a', outcome: 'limit' });
    await log.commit(first);
    await log.commit(decisionRecord({ number: 2, account: 'a', apiKeyId: 'key_1' }));
    expect((await log.status('a'))?.access).toMatchObject({ state: 'limited', version: 1 });
    expect(await log.byEventId(first.draft.event_id)).toBeUndefined();
    expect(await log.eventsOf('a')).toEqual([]);
    expect([truth.decisions.size, truth.decisionIdOfEvent.size, truth.keyOwners.size]).toEqual([0, 0, 0]);
    expect(truth.histories.get('a')?.judgedAgain?.event.eventId).toBe(first.draft.event_id);
  });

  it('forgets accounts that have been quiet, unless they are held', async () => {
    const truth = new MemoryTruth('state');
    const log = new MemoryDecisionLog(truth);
    const at = (days: number) => (20_000 + days) * day;
    await log.commit(
      decisionRecord({ number: 1, account: 'quiet', outcome: 'limit', occurredAt: at(0), rescoreAt: at(1) }),
    );
    await log.commit(decisionRecord({ number: 2, account: 'held', outcome: 'hold', occurredAt: at(0) }));
    await log.commit(decisionRecord({ number: 3, account: 'busy', occurredAt: at(0) }));
    await log.commit(decisionRecord({ number: 4, account: 'busy', occurredAt: at(9) }));
    truth.forgetBefore(at(5));
    expect([...truth.accounts.keys()].sort()).toEqual(['busy', 'held']);
    expect(await log.status('quiet')).toBeUndefined();
    expect(truth.rescores.get('quiet')).toBeUndefined();
  });
});

describe('the memory of accounts', () => {
  it('forgets who has been quiet since then', async () => {
    const memory = new MemoryAccountMemory();
    await memory.remember('quiet', { at: 1 * day, parts: { plan: 'paid' } });
    await memory.remember('busy', { at: 1 * day, parts: { plan: 'paid' } });
    await memory.remember('busy', { at: 9 * day, parts: {} });
    memory.forgetBefore(5 * day);
    expect((await memory.recall('quiet')).kind).toBe('nothing');
    expect(await memory.recall('busy')).toMatchObject({ remembered: { parts: { plan: 'paid' } } });
  });
});
