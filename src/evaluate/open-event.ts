import type { SealedEvent } from '../decisions/decision-log.js';
import type { Event } from '../model/event.js';
import type { EventSealer } from './evaluator-ports.js';

/**
 * A stored event as it was decided; undefined where it was erased. It is not parsed a second time: only what was parsed is
 * ever sealed, and what an older version took still counts as it did then, also where today's would refuse it. So a field
 * of an event may be added or go out of use, and never come to mean something else.
 */
export function openEvent(
  { salt, sealed }: Pick<SealedEvent, 'salt' | 'sealed'>,
  sealer: Pick<EventSealer, 'open'>,
): Event | undefined {
  const json = sealer.open(salt, sealed);
  return json === undefined ? undefined : JSON.parse(json);
}
