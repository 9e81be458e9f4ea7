import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../src/evaluate/canonical-json.js';
import { eventTime } from '../../../src/evaluate/event-time.js';
import { mementoOf, remember, withMemento } from '../../../src/evaluate/memento.js';
import type { Event } from '../../../src/model/event.js';

const noon = Date.parse('2026-05-01T12:00:00Z');
const hour = 3_600_000;

const anEvent = (overrides: Partial<Event> = {}): Event => ({
  type: 'signup',
  event_id: 'evt_1',
  account: { id: 'acct_1' },
  ip: '203.0.113.7',
  ...overrides,
});

describe('what an account is remembered by', () => {
  it('keeps the card that came with an earlier event', () => {
    const signup = mementoOf(anEvent({ email: { address: 'a@b.example' } }), noon);
    const card = mementoOf(anEvent({ type: 'payment_method_added', payment: { fingerprint: 'pm' } }), noon + hour);
    expect(remember([signup, card])).toMatchObject({
      parts: { email: { address: 'a@b.example' }, payment: { fingerprint: 'pm' } },
      firstPaymentAt: noon + hour,
      firstSeenAt: noon,
    });
  });

  it('lets a later part replace an earlier one, and absent parts replace nothing', () => {
    const first = mementoOf(anEvent({ email: { address: 'old@b.example' }, phone: { number: '+15551234567' } }), noon);
    const second = mementoOf(anEvent({ email: { address: 'new@b.example' } }), noon + hour);
    expect(remember([first, second])?.parts).toEqual({
      email: { address: 'new@b.example' },
      phone: { number: '+15551234567' },
    });
  });

  it('keeps the earliest signup, whatever came first', () => {
    const late = mementoOf(anEvent({ ip: '198.51.100.1' }), noon + hour);
    const early = mementoOf(anEvent(), noon);
    expect(remember([late, early])?.signup).toEqual({ at: noon, ip: '203.0.113.7' });
  });

  it('leaves the handshake with the event it belongs to', () => {
    const { parts } = mementoOf(anEvent({ device: { fingerprint: 'fp', ja4: 't13d' } }), noon);
    expect(parts.device).toEqual({ fingerprint: 'fp' });
  });

  it('takes a device that is nothing but a handshake for no device', () => {
    const before = remember([mementoOf(anEvent({ device: { fingerprint: 'fp' } }), noon)]);
    const after = withMemento(before, mementoOf(anEvent({ device: { ja4: 't13d' } }), noon + hour));
    expect(after.parts.device).toEqual({ fingerprint: 'fp' });
  });
});

describe('event time', () => {
  it('is now when the event does not say', () => {
    expect(eventTime(undefined, noon, 'bounded')).toEqual({ at: noon, clamped: false });
  });

  it.each([
    ['a little ahead', 5 * 60_000, 5 * 60_000, false],
    ['too far ahead', 5 * 60_000 + 1, 0, true],
    ['a day old', -24 * hour, -24 * hour, false],
    ['older than a day', -24 * hour - 1, -24 * hour, true],
  ])('%s is bounded', (_name, told, believed, clamped) => {
    const occurredAt = new Date(noon + told).toISOString();
    expect(eventTime(occurredAt, noon, 'bounded')).toEqual({ at: noon + believed, clamped });
  });

  it('believes the sender where policy trusts it', () => {
    expect(eventTime('2020-01-01T00:00:00Z', noon, 'trusted')).toEqual({
      at: Date.parse('2020-01-01T00:00:00Z'),
      clamped: false,
    });
  });
});

describe('canonical JSON', () => {
  it('is the same text whatever the order of the keys', () => {
    expect(canonicalJson({ b: [1, { y: 1, x: null }], a: 'é' })).toBe(
      canonicalJson({ a: 'é', b: [1, { x: null, y: 1 }] }),
    );
  });

  it('tells absent members from null ones', () => {
    expect(canonicalJson({ a: undefined })).toBe('{}');
    expect(canonicalJson({ a: null })).toBe('{"a":null}');
  });
});
