import { describe, expect, it } from '@jest/globals';
import { fastHash } from '../../../src/adapters/memory/fast-hash.js';

describe('the hash for one process', () => {
  it('tells apart 200,000 texts that differ by little', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 100_000; n++) {
      seen.add(fastHash('ip.address', `203.0.${n >> 8}.${n & 255}`));
      seen.add(fastHash('email.address', `user${n}@example.com`));
    }
    expect(seen.size).toBe(200_000);
  });

  it('tells the same text of two types apart, and does not mind where type and text are cut', () => {
    expect(fastHash('a', 'b')).toBe(fastHash('a', 'b'));
    expect(new Set([fastHash('a', 'bc'), fastHash('ab', 'c'), fastHash('', 'abc'), fastHash('abc', '')]).size).toBe(4);
  });

  it('is five characters without a dot, none of them half of a pair', () => {
    for (const text of ['', 'x', '💳💳', 'é'.repeat(500)]) expect(fastHash('t', text)).toMatch(/^[\u0100-\u20ff]{5}$/);
  });
});
