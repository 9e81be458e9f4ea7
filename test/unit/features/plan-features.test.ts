import { describe, expect, it } from '@jest/globals';
import { planFeatures } from '../../../src/features/plan-features.js';
import type { FeatureSpec } from '../../../src/model/feature.js';
import { HashedSignals } from '../../../src/model/hashed-signals.js';
import { type Slots, Unavailable } from '../../../src/model/value.js';

const slotOf = (name: string): number | undefined => {
  const index = ['payment.fingerprint', 'account.id', 'ip.asn'].indexOf(name);
  return index < 0 ? undefined : index;
};
const spec = (name: string, by: readonly string[], more: Partial<FeatureSpec> = {}): FeatureSpec => ({
  name,
  id: name,
  kind: 'count',
  of: 'event',
  by,
  windowMs: 1000,
  on: ['signup'],
  exactTo: 128,
  ...more,
});
const features = [
  { spec: spec('a', ['payment.fingerprint']), slot: 3 },
  { spec: spec('b', ['payment.fingerprint'], { kind: 'distinct', of: 'account.id' }), slot: 4 },
  { spec: spec('c', ['payment.fingerprint', 'ip.asn']), slot: 5 },
  { spec: spec('d', []), slot: 6 },
];
const hash = (type: string, value: string) => `k.${type}:${value}`;
const moment = { eventId: 'e', accountId: 'acct', at: 1 };
const slots = (...first: Slots): Slots => [...first, undefined, undefined, undefined, undefined];

describe('a feature plan', () => {
  const signals = new HashedSignals(slotOf, hash);
  const plan = planFeatures({ type: 'signup', features, signals });
  const bound = (filled: Slots) => plan.bind(moment, filled, signals.hashesOf(filled));

  it('shares one key among features over the same signals', () => {
    const { request } = bound(slots('fp', 'acct', 64500));
    const keys = request.lookups.map(({ key }) => key);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
    expect(request.lookups[1]?.member).toBe('k.account.id:acct');
  });

  it('looks nothing up for a key with an absent part, and passes on what could not be had', () => {
    const gone = new Unavailable('no tables');
    const filled = slots('fp', 'acct', gone);
    const { write } = bound(filled);
    write([7, 8, 9], filled);
    expect(filled.slice(3)).toEqual([7, 8, gone, 9]);
    expect(bound(slots(undefined, 'acct', 1)).request.lookups).toHaveLength(1);
  });

  it('counts only on the types of the feature', () => {
    const other = planFeatures({ type: 'api_key_created', features, signals });
    const filled = slots('fp', 'acct', 1);
    expect(other.bind(moment, filled, signals.hashesOf(filled)).request.lookups.some(({ counts }) => counts)).toBe(
      false,
    );
  });
});
