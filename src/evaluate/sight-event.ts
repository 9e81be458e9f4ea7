import type { Event } from '../model/event.js';
import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import type { Remembered } from './account-memory.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { mementoOf, withMemento } from './memento.js';
import type { Sighting } from './recent-sightings.js';
import type { Snapshot } from './snapshot.js';

interface Seeing {
  readonly event: Event;
  /** The account as it was before the event. */
  readonly before: Remembered | undefined;
  /** When the event counts as having happened. */
  readonly at: Instant;
  readonly snapshot: Snapshot;
  /** It is not its first time. */
  readonly again: boolean;
}

/** An event that is about to be judged: what it is by itself, and the slots that its signals are in already. */
export interface SightedEvent {
  readonly sighting: Sighting;
  readonly account: Remembered;
  readonly slots: Slots;
}

/**
 * The event by itself: signals, and the hashes that keys are made of. One that was seen before, and whose account says the same
 * as then, is not looked at a second time.
 */
export function sightEvent(
  seeing: Seeing,
  { sightings, clock }: Pick<EvaluatorPorts, 'sightings' | 'clock'>,
): SightedEvent {
  const { event, again } = seeing;
  const known = again ? sightings?.of(event.event_id) : undefined;
  if (known !== undefined) {
    const same = sameAgain(known, seeing);
    if (same !== undefined) return same;
  }
  const sighted = seen(seeing);
  // What is judged again is the account's signup, where it has one.
  if (again || event.type === 'signup') sightings?.keep(sighted.sighting, clock.now());
  return sighted;
}

const noLinks: Sighting['links'] = [];

function seen({ event, before, at, snapshot }: Seeing): SightedEvent {
  const memento = mementoOf(event, at);
  const account = withMemento(before, memento);
  const plan = snapshot.planFor(event.type);
  const slots = snapshot.ruleSet.newSlots();
  plan.writeSignals({ event, remembered: account, at }, slots);
  const hashes = plan.hashesOf(slots);
  const links = plan.rings?.keys(hashes) ?? noLinks;
  const signals = plan.signalSlots.map((slot) => slots[slot]);
  return { sighting: { event, at, memento, account, plan, signals, hashes, links }, account, slots };
}

function sameAgain(known: Sighting, { event, before, at, snapshot }: Seeing): SightedEvent | undefined {
  const { plan, memento, signals } = known;
  if (known.event !== event || known.at !== at || snapshot.planFor(event.type) !== plan) return undefined;
  const account = withMemento(before, memento);
  if (!isSame(account, known.account)) return undefined;
  const slots = snapshot.ruleSet.newSlots();
  for (let place = 0; place < signals.length; place++) slots[plan.signalSlots[place] ?? -1] = signals[place];
  return { sighting: known, account, slots };
}

/** As far as signals read it; parts are compared as what they are, not by what they say. */
const isSame = (one: Remembered, other: Remembered): boolean =>
  one.parts.organization === other.parts.organization &&
  one.parts.plan === other.parts.plan &&
  one.parts.path === other.parts.path &&
  one.parts.declared_country === other.parts.declared_country &&
  one.parts.email === other.parts.email &&
  one.parts.phone === other.parts.phone &&
  one.parts.device === other.parts.device &&
  one.parts.payment === other.parts.payment &&
  one.signup === other.signup &&
  one.firstPaymentAt === other.firstPaymentAt &&
  one.firstKeyAt === other.firstKeyAt &&
  one.firstUseAt === other.firstUseAt &&
  one.firstSeenAt === other.firstSeenAt &&
  one.verified === other.verified &&
  one.evidence === other.evidence;
