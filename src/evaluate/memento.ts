import type { Event, RememberedParts } from '../model/event.js';
import type { Instant } from '../model/time.js';
import type { Memento, Remembered } from './account-memory.js';

const nothing: Remembered = { parts: {} };

function deviceToKeep(device: Event['device']): Event['device'] {
  if (device?.ja4 === undefined) return device === undefined || !isDescribed(device) ? undefined : device;
  const { ja4: _belongsToThisEvent, ...kept } = device;
  return isDescribed(kept) ? kept : undefined;
}

const isDescribed = (device: object): boolean => Object.values(device).some((part) => part !== undefined);

/** Loops and no chains of arrays here and below: this runs for every event. */
function keep<Name extends keyof RememberedParts>(
  parts: RememberedParts,
  name: Name,
  part: RememberedParts[Name],
): void {
  if (part !== undefined) parts[name] = part;
}

function partsOf({ account, email, phone, device, payment }: Event): RememberedParts {
  const parts: RememberedParts = {};
  keep(parts, 'organization', account.organization);
  keep(parts, 'plan', account.plan);
  keep(parts, 'path', account.path);
  keep(parts, 'declared_country', account.declared_country);
  keep(parts, 'email', email);
  keep(parts, 'phone', phone);
  keep(parts, 'device', deviceToKeep(device));
  keep(parts, 'payment', payment);
  return parts;
}

/** What later events of the account inherit from this one. */
export function mementoOf(event: Event, at: Instant): Memento {
  return {
    at,
    parts: partsOf(event),
    signup: event.type === 'signup' ? { at, ip: event.ip } : undefined,
    firstPaymentAt: event.payment === undefined ? undefined : at,
    firstKeyAt: event.type === 'api_key_created' ? at : undefined,
    firstUseAt: event.type === 'api_key_used' ? at : undefined,
  };
}

const earliest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

/** The account as it stands with this memento on top of the earlier ones. */
export function withMemento(before: Remembered | undefined, memento: Memento): Remembered {
  const known = before ?? nothing;
  const signupIsEarlier =
    memento.signup !== undefined && (known.signup === undefined || memento.signup.at < known.signup.at);
  return {
    ...known,
    parts: { ...known.parts, ...memento.parts },
    signup: signupIsEarlier ? memento.signup : known.signup,
    firstPaymentAt: earliest(known.firstPaymentAt, memento.firstPaymentAt),
    firstKeyAt: earliest(known.firstKeyAt, memento.firstKeyAt),
    firstUseAt: earliest(known.firstUseAt, memento.firstUseAt),
    firstSeenAt: earliest(known.firstSeenAt, memento.at),
  };
}

/** An account's memory from its events, oldest first. */
export const remember = (mementos: readonly Memento[]): Remembered | undefined =>
  mementos.reduce<Remembered | undefined>(withMemento, undefined);
