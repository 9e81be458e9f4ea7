import { describe, expect, it } from '@jest/globals';
import { CommitQueue, type CommitQueueOptions } from '../../../src/adapters/postgres/commit-queue.js';
import { batchParameter } from '../../../src/adapters/postgres/commit-row.js';
import type { CommitOutcome, DecisionRecord } from '../../../src/decisions/decision-log.js';
import { decisionRecord } from '../../support/decision-record-builder.js';

/** A database that answers when it is told to, each record with its own event id as the reason. */
function heldDatabase(options: Partial<CommitQueueOptions> = {}) {
  const batches: { eventIds: string[]; finish: () => void }[] = [];
  const answer = ({ draft }: DecisionRecord): CommitOutcome => ({ kind: 'unavailable', reason: draft.event_id });
  const write = (records: readonly DecisionRecord[]) =>
    new Promise<CommitOutcome[]>((resolve) => {
      const eventIds = records.map(({ draft }) => draft.event_id);
      batches.push({ eventIds, finish: () => resolve(records.map(answer)) });
    });
  const queue = new CommitQueue(write, { deadlineMs: 20_000, maxBatch: 3, maxInFlight: 2, maxQueued: 4, ...options });
  return { queue, batches };
}

/** The queue fills its next batch at the end of a turn of the event loop. */
const nextTurn = () => new Promise(setImmediate);

async function finishAll(batches: { finish: () => void }[]): Promise<void> {
  await nextTurn();
  for (let next = batches.shift(); next !== undefined; next = batches.shift()) {
    next.finish();
    await nextTurn();
  }
}

describe('the commit queue', () => {
  it('writes at most two batches at a time and groups what comes in one turn, and meanwhile', async () => {
    const { queue, batches } = heldDatabase();
    const commit = (numbers: number[]) => numbers.map((number) => queue.commit(decisionRecord({ number })));
    const answers = commit([1, 2]);
    await nextTurn();
    answers.push(...commit([3]));
    await nextTurn();
    answers.push(...commit([4, 5, 6, 7]));
    await nextTurn();
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([['evt_1', 'evt_2'], ['evt_3']]);
    batches.shift()?.finish();
    await answers[0];
    await nextTurn();
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([['evt_3'], ['evt_4', 'evt_5', 'evt_6']]);
    await finishAll(batches);
    expect(await Promise.all(answers)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => ({ kind: 'unavailable', reason: `evt_${n}` })),
    );
  });

  it('never writes two records of one account, or of one event, at the same time', async () => {
    const { queue, batches } = heldDatabase();
    const answers = [
      queue.commit(decisionRecord({ number: 1, account: 'same' })),
      queue.commit(decisionRecord({ number: 2, account: 'same' })),
      queue.commit(decisionRecord({ number: 3, eventId: 'evt_1' })),
      queue.commit(decisionRecord({ number: 4 })),
    ];
    await nextTurn();
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([['evt_1', 'evt_4']]);
    batches.shift()?.finish();
    await answers[0];
    await nextTurn();
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([['evt_2', 'evt_1']]);
    await finishAll(batches);
    await Promise.all(answers);
  });

  it('refuses at once what goes beyond its bound', async () => {
    const { queue, batches } = heldDatabase();
    const answers = [1, 2, 3, 4].map((number) => queue.commit(decisionRecord({ number })));
    expect(await queue.commit(decisionRecord({ number: 5 }))).toEqual({
      kind: 'unavailable',
      reason: 'too many decisions wait to be written',
    });
    await finishAll(batches);
    await Promise.all(answers);
  });

  it('gives up on what was not written in time, and does not write it later', async () => {
    const { queue, batches } = heldDatabase({ deadlineMs: 5, maxInFlight: 1 });
    const answers = [1, 2].map((number) => queue.commit(decisionRecord({ number })));
    const late = { kind: 'unavailable', reason: 'the decision was not written in time' };
    expect(await Promise.all(answers)).toEqual([late, late]);
    batches.shift()?.finish();
    await nextTurn();
    expect(batches).toEqual([]);
  });

  it('makes every string storable and leaves a written backslash alone', () => {
    const record = { ...decisionRecord({ number: 1 }), sealed: 'a\u0000b\ud800c\\u0000d\\\u0000\u{1f600}' };
    const [row]: { sealed: string }[] = JSON.parse(batchParameter([record]));
    expect(row?.sealed).toBe('a\ufffdb\ufffdc\\u0000d\\\ufffd\u{1f600}');
  });
});
