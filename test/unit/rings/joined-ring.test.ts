import { describe, expect, it } from '@jest/globals';
import type { LinkSpec } from '../../../src/model/link.js';
import { type RingReading, ringSizeMost } from '../../../src/model/ring.js';
import { joinedRing } from '../../../src/rings/joined-ring.js';

const link = (name: string, strength: LinkSpec['strength'], sameAs?: string) =>
  [name, { name, strength, sameAs }] as const;

const links = new Map([
  link('card', 'strong'),
  link('device', 'strong'),
  link('prefix', 'weak'),
  link('network', 'weak', 'prefix'),
  link('template', 'weak'),
]);

const reading = (ringId: string, more: Partial<RingReading> = {}): RingReading => ({
  ringId,
  size: 5,
  growth1h: 2,
  ageMs: 1000,
  strongLinks: 1,
  families: 1,
  distinctPrefixes: 1,
  distinctAsns: 1,
  heldShare: 0,
  fraudLabels: 0,
  verifiedShare: 0,
  purity: 1,
  ...more,
});

/** Each link that leads somewhere, as `link:ring`. */
function joined(paths: readonly string[], rings: readonly RingReading[], own?: string): RingReading | undefined {
  const byLink = new Map(paths.map((path): [string, string] => [path.split(':')[0] ?? '', path.split(':')[1] ?? '']));
  const used = [...links.keys()].map((link) => ({ link, key: 'k' }));
  return joinedRing({ own, byLink, rings: new Map(rings.map((ring) => [ring.ringId, ring])) }, used, links);
}

describe('the ring that an event belongs to', () => {
  it('is the one that the account is in, whatever its links lead to', () => {
    const own = reading('own');
    expect(joined(['card:other'], [own, reading('other', { size: 50 })], 'own')).toEqual(own);
  });

  it('is the one that a strong link leads to, with the newcomer counted', () => {
    expect(joined(['card:r'], [reading('r')])).toEqual(reading('r', { size: 6, growth1h: 3 }));
    const full = reading('r', { size: ringSizeMost, growth1h: ringSizeMost });
    expect(joined(['card:r'], [full])).toEqual(full);
  });

  it('is none by one weak link, and by two that lead to different rings', () => {
    expect(joined(['prefix:r'], [reading('r')])).toBeUndefined();
    expect(joined(['prefix:r', 'template:s'], [reading('r'), reading('s')])).toBeUndefined();
  });

  it('is the one that two weak links lead to', () => {
    expect(joined(['prefix:r', 'template:r'], [reading('r')])?.ringId).toBe('r');
  });

  it('is none by two weak links that are the same evidence', () => {
    expect(joined(['prefix:r', 'network:r'], [reading('r')])).toBeUndefined();
    expect(joined(['prefix:r', 'network:r', 'template:r'], [reading('r')])?.ringId).toBe('r');
  });

  it('is by a strong link rather than by two weak ones', () => {
    const rings = [reading('large', { size: 500 }), reading('small')];
    expect(joined(['prefix:large', 'template:large', 'card:small'], rings)?.ringId).toBe('small');
  });

  it('is the larger of two, then the older', () => {
    expect(joined(['card:a', 'device:b'], [reading('a'), reading('b', { size: 6 })])?.ringId).toBe('b');
    expect(joined(['card:a', 'device:b'], [reading('a'), reading('b', { ageMs: 2000 })])?.ringId).toBe('b');
  });

  it('is none where a link counts on other events only', () => {
    const sighting = { byLink: new Map([['card', 'r']]), rings: new Map([['r', reading('r')]]) };
    expect(joinedRing(sighting, [], links)).toBeUndefined();
  });
});
