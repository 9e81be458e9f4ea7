import { describe, expect, it } from '@jest/globals';
import { RecentAccounts } from '../../../src/backtest/recent-accounts.js';

const day = 86_400_000;
const remembered = { parts: { plan: 'free' } };

describe('What accounts are remembered by', () => {
  it('is there as long as they are seen now and then', () => {
    const accounts = new RecentAccounts(10 * day);
    accounts.get('a', 0);
    accounts.set('a', remembered);
    for (let at = 9; at < 60; at += 9) expect(accounts.get('a', at * day)).toBe(remembered);
  });

  it('is let go of when nothing was heard for twice as long, however few others came', () => {
    const accounts = new RecentAccounts(10 * day);
    accounts.get('a', 0);
    accounts.set('a', remembered);
    accounts.set('b', remembered);
    accounts.get('other', 12 * day);
    expect(accounts.get('b', 13 * day)).toBe(remembered);
    accounts.get('other', 23 * day);
    expect(accounts.get('a', 24 * day)).toBeUndefined();
    expect(accounts.get('b', 60 * day)).toBeUndefined();
  });
});
