import type { FeatureRequest } from '../features/feature-store.js';
import type { Event } from '../model/event.js';
import type { Remembered } from './account-memory.js';
import type { EventSealer } from './evaluator-ports.js';
import type { PastEvent } from './event-history.js';
import { mementoOf, withMemento } from './memento.js';
import { openEvent } from './open-event.js';
import type { Snapshot } from './snapshot.js';

export interface RecountPorts {
  readonly snapshot: () => Snapshot;
  readonly sealer: Pick<EventSealer, 'open'>;
}

/** Accounts whose memory is kept between pages: some 20 MB. */
const accountsKept = 20_000;

/** Accounts as the events so far have left them; whoever has not been seen for longest is forgotten first. */
export class AccountTrail {
  private readonly accounts = new Map<string, Remembered>();

  of(accountId: string): Remembered | undefined {
    return this.accounts.get(accountId);
  }

  keep(accountId: string, account: Remembered): void {
    this.accounts.delete(accountId);
    this.accounts.set(accountId, account);
  }

  /** Between pages: a page needs all of its accounts. */
  trim(): void {
    for (const accountId of this.accounts.keys()) {
      if (this.accounts.size <= accountsKept) return;
      this.accounts.delete(accountId);
    }
  }

  /** Accounts of the page whose earlier events have to be read first. A signup is where an account begins. */
  unknownOf(page: readonly PastEvent[]): string[] {
    const first = new Map<string, PastEvent>();
    for (const event of page) if (!first.has(event.accountId)) first.set(event.accountId, event);
    return [...first.values()]
      .filter(({ accountId, type }) => type !== 'signup' && !this.accounts.has(accountId))
      .map(({ accountId }) => accountId);
  }
}

/** What was counted for an event when it was decided, under the rules of today. */
interface RecountedPage {
  /** Events before the page, of the accounts that the trail does not know. */
  readonly earlier: readonly PastEvent[];
  readonly events: readonly PastEvent[];
}

/**
 * Each turn is one event, a fraction of a millisecond of work, so that the caller can take pauses. Gives what is to be
 * counted; undefined where there is nothing: an earlier event, one that cannot be opened, one that no feature counts.
 */
export function* recountEvents(
  page: RecountedPage,
  trail: AccountTrail,
  ports: RecountPorts,
): Generator<FeatureRequest | undefined> {
  for (const past of page.earlier) {
    remember(past, trail, ports);
    yield undefined;
  }
  for (const past of page.events) yield recount(past, trail, ports);
}

function remember(past: PastEvent, trail: AccountTrail, { sealer }: RecountPorts): Event | undefined {
  const event = openEvent(past, sealer);
  if (event === undefined) return undefined;
  trail.keep(past.accountId, withMemento(trail.of(past.accountId), mementoOf(event, past.occurredAt)));
  return event;
}

function recount(past: PastEvent, trail: AccountTrail, ports: RecountPorts): FeatureRequest | undefined {
  const event = remember(past, trail, ports);
  const account = trail.of(past.accountId);
  if (event === undefined || account === undefined) return undefined;
  const { ruleSet, planFor } = ports.snapshot();
  const plan = planFor(event.type);
  const slots = ruleSet.newSlots();
  const { accountId, eventId, occurredAt: at } = past;
  plan.writeSignals({ event, remembered: account, at }, slots);
  const moment = { eventId, accountId, at, accountSince: account.firstSeenAt };
  const { request } = plan.bindFeatures(moment, slots, plan.hashesOf(slots));
  return countedOnly(request);
}

/** Keys that this event only reads are left alone; a key that counts is told of all its features, as it was then. */
function countedOnly(request: FeatureRequest): FeatureRequest | undefined {
  const counted = new Set(request.lookups.filter(({ counts }) => counts).map(({ key }) => key));
  if (counted.size === 0) return undefined;
  return { ...request, lookups: request.lookups.filter(({ key }) => counted.has(key)) };
}
