import { isDescribed, withHandshake } from '../model/device.js';
import type { Event, RememberedParts } from '../model/event.js';
import type { Instant } from '../model/time.js';
import type { Memento, Remembered } from './account-memory.js';

const nothing: Remembered = { parts: {} };

/** Without the handshake: that one belongs to its event. */
const deviceToKeep = (device: Event['device']): Event['device'] =>
  device !== undefined && isDescribed(device) ? withHandshake(device, undefined) : undefined;

/** Of one shape whatever is known, here and below: this runs for every event, and copying what differs in shape is slow. */
const partsOf = ({ account, email, phone, device, payment }: Event): RememberedParts => ({
  organization: account.organization,
  plan: account.plan,
  path: account.path,
  declared_country: account.declared_country,
  email,
  phone,
  device: deviceToKeep(device),
  payment,
});

/** Each part of the later one, where it has it. */
const joined = (earlier: RememberedParts, later: RememberedParts): RememberedParts => ({
  organization: later.organization ?? earlier.organization,
  plan: later.plan ?? earlier.plan,
  path: later.path ?? earlier.path,
  declared_country: later.declared_country ?? earlier.declared_country,
  email: later.email ?? earlier.email,
  phone: later.phone ?? earlier.phone,
  device: later.device ?? earlier.device,
  payment: later.payment ?? earlier.payment,
});

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
export const withMemento = (before: Remembered = nothing, memento: Memento): Remembered =>
  withMementoAnd(joined(before.parts, memento.parts), before, memento);

/** The same in whatever order mementos come, for those who know which of the parts are the latest. */
export function withMementoAnd(parts: RememberedParts, known: Remembered, memento: Memento): Remembered {
  const signupIsEarlier =
    memento.signup !== undefined && (known.signup === undefined || memento.signup.at < known.signup.at);
  return {
    parts,
    signup: signupIsEarlier ? memento.signup : known.signup,
    firstPaymentAt: earliest(known.firstPaymentAt, memento.firstPaymentAt),
    firstKeyAt: earliest(known.firstKeyAt, memento.firstKeyAt),
    firstUseAt: earliest(known.firstUseAt, memento.firstUseAt),
    firstSeenAt: earliest(known.firstSeenAt, memento.at),
    verified: known.verified,
    clearedRules: known.clearedRules,
    evidence: known.evidence,
  };
}

/** An account's memory from its events, oldest first. */
export const remember = (mementos: readonly Memento[]): Remembered | undefined =>
  mementos.reduce<Remembered | undefined>(withMemento, undefined);
