import { carriedBy } from '../../model/event-fields.js';
import { type EventType, eventTypes, type ObservedType, observedTypes } from '../../model/event-type.js';
import { own } from '../../model/own.js';

/** Where somebody is now is asked of every event after the signup. */
const movedSinceSignup = 'usage.ip_changed_since_signup';

/** What belongs to an event itself: a passed verification has no address, no browser and no key. */
const ofEventsOnly: ReadonlySet<string> = new Set(['ip', 'ua', 'api_key']);

const events: readonly ObservedType[] = eventTypes;
const afterSignup: readonly ObservedType[] = eventTypes.filter((type) => type !== 'signup');

/** On what a signal can be there at all: an account is remembered by most of what its events said. */
function typesWith(name: string): readonly ObservedType[] {
  if (name === movedSinceSignup) return afterSignup;
  const group = name.slice(0, name.indexOf('.'));
  return own(carriedBy, group) ?? (ofEventsOnly.has(group) ? events : observedTypes);
}

const carryAll = (names: readonly string[], type: ObservedType): boolean =>
  names.every((name) => typesWith(name).includes(type));

/** Events on which all of these signals can be there together. */
export const eventsWith = (names: readonly string[]): readonly EventType[] =>
  eventTypes.filter((type) => carryAll(names, type));

/** Are the signals on none of these together, for certain? */
export const areNeverOn = (names: readonly string[], types: readonly ObservedType[]): boolean =>
  !types.some((type) => carryAll(names, type));
