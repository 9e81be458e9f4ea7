import type { HashIdentifier } from '../model/entity.js';
import type { Event } from '../model/event.js';
import { own } from '../model/own.js';
import type { Instant } from '../model/time.js';
import { isKnown, type Slots, type Value } from '../model/value.js';
import { signalCatalogue } from '../signals/catalogue.js';
import type { SignalPorts } from '../signals/signal-context.js';
import { planSignals } from '../signals/write-signals.js';

/** Signals that are stored and shown as their keyed hash only. */
export const identifierNames: ReadonlySet<string> = new Set(
  signalCatalogue.filter(({ identifier }) => identifier).map(({ name }) => name),
);

export interface DatedEvent {
  readonly event: Event;
  readonly at: Instant;
}

interface RecallWith {
  readonly hash: HashIdentifier;
  /** Those that look nothing up are enough: identifiers come from the event alone. */
  readonly signals: SignalPorts;
}

/**
 * The identifiers that a decision saw, from the events themselves: one is found when its hash is the stored one, so that
 * nothing is taken for what the decision saw that was not. `events` are looked at until all are found.
 */
export function recallIdentifiers(
  inputs: Readonly<Record<string, Value>>,
  events: Iterable<DatedEvent>,
  { hash, signals }: RecallWith,
): ReadonlyMap<string, string> {
  const wanted = Object.keys(inputs).filter((name) => identifierNames.has(name));
  const recalled = new Map<string, string>();
  const plan = planSignals(wanted.map((name, slot) => ({ name, slot })));
  if (wanted.length === 0) return recalled;
  for (const { event, at } of events) {
    const slots: Slots = [];
    plan.write({ event, remembered: undefined, at }, signals, slots);
    for (const [slot, name] of wanted.entries()) {
      const reading = slots[slot];
      if (!isKnown(reading)) continue;
      const stored = own(inputs, name);
      // In the clear it is of before its signal was an identifier.
      if (stored === hash(name, String(reading)) || stored === reading) recalled.set(name, String(reading));
    }
    if (recalled.size === wanted.length) break;
  }
  return recalled;
}
