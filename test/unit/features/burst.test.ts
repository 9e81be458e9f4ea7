import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BucketSums } from '../../../src/features/bucket-sums.js';
import { BurstFigures, burstReadings } from '../../../src/features/burst.js';
import { RecentEvents } from '../../../src/features/recent-events.js';
import { Immature, isOutage } from '../../../src/model/value.js';

describe('the arithmetic of a burst', () => {
  it('expects of a key its share of the past, of the traffic of the moment', () => {
    const [count, expected, ratio, z] = burstReadings(new BurstFigures(12, 200, 9.7, 1000), { min: 4 });
    expect([count, expected, ratio]).toEqual([12, 2, 6]);
    expect(z).toBeCloseTo(10 / Math.sqrt(3), 12);
  });

  it('finds nothing remarkable in fewer events than min', () => {
    const [count, , ratio, z] = burstReadings(new BurstFigures(3, 100, 0, 1000), { min: 4 });
    expect([count, ratio, z]).toEqual([3, 10, 0]);
  });

  it('is unknown, and nothing is degraded, until the baseline holds 500 events', () => {
    const readings = burstReadings(new BurstFigures(50, 60, 0, 499), { min: 4 }).slice(0, 4);
    expect(readings).toHaveLength(4);
    expect(readings.every((reading) => reading instanceof Immature && !isOutage(reading))).toBe(true);
    expect(burstReadings(new BurstFigures(50, 60, 0, 500), { min: 4 }).every(Number.isFinite)).toBe(true);
  });

  it('tells how many are held, and what share of the lately seen, before anything is usual', () => {
    expect(burstReadings(new BurstFigures(50, 60, 0, 499, 40, 10), { min: 4 }).slice(4)).toEqual([10, 0.25]);
    expect(burstReadings(new BurstFigures(50, 60, 0, 499), { min: 4 }).slice(4)).toEqual([0, 0]);
  });

  it('takes fewer than none for none, whatever a store answers', () => {
    const readings = burstReadings(new BurstFigures(200, 1000, -5, 1000), { min: 4 });
    expect(readings.every((reading) => Number(reading) >= 0)).toBe(true);
  });
});

describe('running sums by bucket', () => {
  it('are what adding up says, whatever the order, and after trimming for all that is kept', () => {
    const entry = fc.record({ bucket: fc.integer({ min: 0, max: 120 }), amount: fc.constantFrom(1, 1, 1, -1) });
    const property = (entries: readonly { bucket: number; amount: number }[], first: number, length: number) => {
      const sums = new BucketSums();
      for (const { bucket, amount } of entries) sums.add(bucket, amount);
      const slow = (from: number, end: number) =>
        entries.reduce((sum, { bucket, amount }) => sum + (bucket >= from && bucket < end ? amount : 0), 0);
      expect(sums.between(first, first + length)).toBe(slow(first, first + length));
      const kept = 60;
      sums.trim(kept);
      const oldest = Math.max(first, sums.newest - kept);
      if (entries.length > 0) expect(sums.between(oldest, oldest + length)).toBe(slow(oldest, oldest + length));
    };
    const spans = [fc.integer({ min: -5, max: 130 }), fc.integer({ min: 0, max: 130 })] as const;
    fc.assert(fc.property(fc.array(entry, { maxLength: 200 }), ...spans, property), { numRuns: 500 });
  });
});

describe('recent events', () => {
  it('are known as long as promised, and forgotten in the end', () => {
    const recent = new RecentEvents(3);
    expect(['a', 'b', 'a', 'c', 'd'].map((event) => recent.add(event))).toEqual([true, true, false, true, true]);
    expect(recent.has('b')).toBe(true);
    for (const event of ['e', 'f', 'g']) recent.add(event);
    expect([recent.has('a'), recent.has('e')]).toEqual([false, true]);
  });
});
