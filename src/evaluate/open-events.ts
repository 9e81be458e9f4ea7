import type { SealedEvent, StoredDecision } from '../decisions/decision-log.js';
import type { ExplainPorts } from './explain-ports.js';
import { openEvent } from './open-event.js';
import type { DatedEvent } from './recall-identifiers.js';

export interface OpenedEvents {
  /** The event that was decided; undefined when it has been erased. */
  readonly own: DatedEvent | undefined;
  /** Those of its account before it, newest first, then those after it; opened when they are asked for. */
  others(): Iterable<DatedEvent>;
  /** Those before it, oldest first. */
  before(): DatedEvent[];
}

/** The event of a decision and what its account sent before, out of their seals. */
export async function openEvents(
  { decision }: Pick<StoredDecision, 'decision'>,
  { decisions, sealer }: Pick<ExplainPorts, 'decisions' | 'sealer'>,
): Promise<OpenedEvents> {
  const sealed = await decisions.eventsOf(decision.account_id);
  const place = sealed.findIndex(({ eventId }) => eventId === decision.event_id);
  const open = (one: SealedEvent): DatedEvent[] => {
    const event = openEvent(one, sealer);
    return event === undefined ? [] : [{ event, at: one.occurredAt }];
  };
  // Of an event that was erased nobody knows the place among the others: all may have been before it.
  const earlier = sealed.slice(0, place < 0 ? sealed.length : place);
  const later = place < 0 ? [] : sealed.slice(place + 1);
  return {
    own: place < 0 ? undefined : sealed.slice(place, place + 1).flatMap(open)[0],
    *others() {
      for (const one of [...earlier.toReversed(), ...later]) yield* open(one);
    },
    before: () => earlier.flatMap(open),
  };
}
