import { describe, expect, it } from '@jest/globals';
import { isSpared } from '../../../src/decisions/is-spared.js';

const day = 86_400_000;
const now = 1_800_000_000_000;
const policy = { youngerThanMs: 7 * day, spare: ['verified', 'paid_30d'], maxAccountsPerHour: 200 };
const merits = (firstSeenAt: number, firstPaymentAt: number | null = null) => ({
  verified: false,
  firstSeenAt,
  firstPaymentAt,
});

describe('an account whose ring speaks against it', () => {
  it('is spared when it is older than the policy says, and not at that very age', () => {
    expect(isSpared(policy, merits(now - 7 * day), now)).toBe(false);
    expect(isSpared(policy, merits(now - 7 * day - 1), now)).toBe(true);
  });

  it('is spared from the thirtieth day after its first payment on', () => {
    expect(isSpared(policy, merits(now, now - 30 * day + 1), now)).toBe(false);
    expect(isSpared(policy, merits(now, now - 30 * day), now)).toBe(true);
    expect(isSpared({ ...policy, spare: ['verified'] }, merits(now, now - 30 * day), now)).toBe(false);
  });

  it('is spared when it is verified, where the policy says so', () => {
    expect(isSpared(policy, { ...merits(now), verified: true }, now)).toBe(true);
    expect(isSpared({ ...policy, spare: [] }, { ...merits(now), verified: true }, now)).toBe(false);
  });
});
