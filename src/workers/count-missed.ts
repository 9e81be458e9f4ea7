import type { AccountMemory } from '../evaluate/account-memory.js';
import type { EventHistory, PastEvent } from '../evaluate/event-history.js';
import { mementoOf } from '../evaluate/memento.js';
import { openEvent } from '../evaluate/open-event.js';
import { AccountTrail, type RecountPorts, recountEvents } from '../evaluate/recount-events.js';
import type { DecisionPlace, UncountedEvents } from '../evaluate/uncounted-events.js';
import { type FeatureStore, isUnreached } from '../features/feature-store.js';

export interface CountMissedPorts extends RecountPorts {
  readonly uncounted: UncountedEvents;
  readonly history: Pick<EventHistory, 'eventsBefore'>;
  /** Counts in the store itself, whatever it shows of itself. */
  readonly features: Pick<FeatureStore, 'observe'>;
  readonly memory: Pick<AccountMemory, 'recall' | 'remember'>;
  /** True when the process ends: the rest is left to another. */
  readonly isStopping: () => boolean;
}

const pageSize = 500;
/** Events sent at the same time. */
const atOnce = 24;

/**
 * Counts and remembers what could not be when it was decided, from what is stored, before anything is judged again: counting
 * is by event id, and each part of a memory by its time, so that a trip that had arrived in spite of its time-out counts once.
 * False when the store could not be had, and when the process ends: it goes on at the next turn.
 */
export async function countMissed(ports: CountMissedPorts): Promise<boolean> {
  const { uncounted } = ports;
  for (;;) {
    const page = await uncounted.waiting(pageSize);
    for (let i = 0; i < page.length; i += atOnce) {
      if (ports.isStopping()) return false;
      const some = page.slice(i, i + atOnce);
      const isCounted = await Promise.all(some.map((event) => makeUpFor(event, ports)));
      await uncounted.counted(some.filter((_event, n) => isCounted[n]).map(({ decisionId }) => decisionId));
      if (isCounted.includes(false)) return false;
    }
    if (page.length < pageSize) return true;
  }
}

async function makeUpFor(event: PastEvent, ports: CountMissedPorts): Promise<boolean> {
  const done = await Promise.all([rememberOne(event, ports), countOne(event, ports)]);
  return !done.includes(false);
}

/**
 * Adds to what is remembered of its account. Where nothing is (it was wiped, or its lifetime is over) all of it is rebuilt by
 * whoever asks next: this event alone would be taken for all that there was.
 */
async function rememberOne(past: PastEvent, { memory, sealer }: CountMissedPorts): Promise<boolean> {
  const event = openEvent(past, sealer);
  if (event === undefined) return true;
  const { kind } = await memory.recall(past.accountId);
  if (kind !== 'remembered') return kind === 'nothing';
  return memory.remember(past.accountId, mementoOf(event, past.occurredAt));
}

/** What the account was remembered by at that time comes from its earlier events. */
async function countOne(event: PastEvent, ports: CountMissedPorts): Promise<boolean> {
  const isFirst = event.type === 'signup';
  const earlier = isFirst ? [] : await ports.history.eventsBefore([event.accountId], event);
  const [request] = [...recountEvents({ earlier, events: [event] }, new AccountTrail(), ports)].slice(-1);
  if (request === undefined) return true;
  const readings = await ports.features.observe(request);
  return !readings.some(isUnreached);
}

/**
 * Whoever was decided while events were missing is to be judged again, as his counts may have been too low without
 * anybody's knowing: those events were committed, and could not be counted, before all instances knew of them.
 */
export async function judgeSpanAgain({
  uncounted,
  isStopping,
}: Pick<CountMissedPorts, 'uncounted' | 'isStopping'>): Promise<void> {
  const span = await uncounted.span();
  if (span === undefined) return;
  let after: DecisionPlace | undefined;
  do after = await uncounted.judgeAgain(span, after);
  while (after !== undefined && !isStopping());
  if (isStopping()) return;
  await uncounted.forget(span);
}
