import { describe, expect, it } from '@jest/globals';
import { MemoryAccountMemory } from '../../../src/adapters/memory/account-memory.js';
import type { AccountMemory } from '../../../src/evaluate/account-memory.js';
import { evaluateEvent } from '../../../src/evaluate/evaluate-event.js';
import type { EvaluatorPorts } from '../../../src/evaluate/evaluator-ports.js';
import type { Event } from '../../../src/model/event.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import { memoryStory } from '../../support/memory-story.js';
import { aSignup } from '../../support/service.js';
import { trialRules } from '../../support/trial-rules.js';

const start = Date.parse('2026-11-01T12:00:00Z');
const world = () => memoryStory(new Map(Object.entries(trialRules)), start);
type World = ReturnType<typeof world>;

function signup(world: World, eventId: string): Event {
  const body = {
    ...aSignup('ada', 'hold', { event_id: eventId }),
    occurred_at: new Date(world.clock.at).toISOString(),
  };
  const event = parseEvent(body);
  if (!event.ok) throw new Error(JSON.stringify(event.error));
  return event.value;
}

async function decisionOf(event: Event, story: EvaluatorPorts) {
  const evaluated = await evaluateEvent(event, story);
  if (!evaluated.ok) throw new Error(JSON.stringify(evaluated.error));
  return evaluated.value.decision;
}

/** A person looks at the account and approves it; nobody tells the memory. */
async function approve({ cases, clock }: World, caseId: string): Promise<void> {
  const claimed = await cases.claim(caseId, 'ann', clock.at);
  if (!claimed.ok) throw new Error(JSON.stringify(claimed.error));
  const { claimToken } = claimed.value;
  await cases.decide({ caseId, claimToken, decision: 'approve', reason: 'known to us', actor: 'ann', now: clock.at });
  clock.at += 60_000;
  await cases.applyDueApprovals(clock.at);
}

describe('an account that a person has approved', () => {
  it('is not held again for the same although the memory has not heard of it, and the memory hears of it then', async () => {
    const trial = world();
    const held = await decisionOf(signup(trial, 'evt_1'), trial.story);
    expect(held).toMatchObject({ outcome: 'hold', access: { state: 'held' } });
    await approve(trial, held.case_id ?? '');
    expect(await trial.accessOf('ada')).toMatchObject({ state: 'admitted' });

    const cleared: Parameters<AccountMemory['clear']>[] = [];
    const memory: AccountMemory = {
      recall: (accountId) => trial.story.memory.recall(accountId),
      remember: (accountId, memento) => trial.story.memory.remember(accountId, memento),
      clear: async (...told) => void cleared.push(told),
      forget: (accountId) => trial.story.memory.forget(accountId),
    };
    const again = await decisionOf(signup(trial, 'evt_2'), { ...trial.story, memory });
    expect(again).toMatchObject({ outcome: 'allow', access: { state: 'admitted' } });
    expect(cleared).toEqual([['ada', expect.objectContaining({ clearedRules: ['trial-hold', 'trial-hold-too'] })]]);
  });

  it('is not held again for the same at another signup when the memory was lost, or is too old', async () => {
    const trial = world();
    const held = await decisionOf(signup(trial, 'evt_1'), trial.story);
    await approve(trial, held.case_id ?? '');
    const memory = new MemoryAccountMemory();
    const again = await decisionOf(signup(trial, 'evt_2'), { ...trial.story, memory });
    expect(again).toMatchObject({ outcome: 'allow', access: { state: 'admitted' } });
    expect(await memory.recall('ada')).toMatchObject({
      kind: 'remembered',
      remembered: { clearedRules: ['trial-hold', 'trial-hold-too'] },
    });
  });

  it('costs no question to the truth where nobody is to be held', async () => {
    const trial = world();
    let asked = 0;
    const log = Object.create(trial.story.log, {
      status: {
        value: (accountId: string) => {
          asked += 1;
          return trial.story.log.status(accountId);
        },
      },
    });
    const free = parseEvent({ ...aSignup('bob', 'free'), occurred_at: new Date(start).toISOString() });
    if (!free.ok) throw new Error('not an event');
    await decisionOf(free.value, { ...trial.story, log });
    expect(asked).toBe(0);
  });
});
