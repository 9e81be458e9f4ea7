import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FollowingClock, offsetAfter } from '../../../src/model/following-clock.js';

describe('a clock that follows another', () => {
  it('shows the wall clock until it has read the other, and then that one, whatever the wall clock does', async () => {
    let [wall, elapsed] = [5_000_000, 100];
    const clock = new FollowingClock(
      () => wall,
      () => elapsed,
    );
    expect(clock.now()).toBe(5_000_000);
    await clock.follow(async () => 1_000_000);
    wall += 3_600_000;
    elapsed += 250.5;
    expect(clock.now()).toBe(1_000_250);
  });

  it('goes on as before while a reading may be true, and moves as little as it must', () => {
    const offset = offsetAfter(undefined, { sentAt: 100, shown: 1110, heardAt: 120 });
    expect(offset).toBe(1000);
    expect(offsetAfter(offset, { sentAt: 200, shown: 1204, heardAt: 208 })).toBe(1000);
    expect(offsetAfter(offset, { sentAt: 300, shown: 1310, heardAt: 304 })).toBe(1006);
    expect(offsetAfter(offset, { sentAt: 300, shown: 3_601_300, heardAt: 304 })).toBe(3_600_996);
  });

  it('is never wrong by more than the last reading took', () => {
    const readings = fc.array(fc.record({ outMs: fc.nat(3000), backMs: fc.nat(3000), leap: fc.integer() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(readings, (all) => {
        let known: number | undefined;
        let sentAt = 0;
        for (const { outMs, backMs, leap } of all) {
          const heardAt = sentAt + outMs + backMs;
          known = offsetAfter(known, { sentAt, shown: sentAt + outMs + leap, heardAt });
          expect(Math.abs(known - leap)).toBeLessThanOrEqual(outMs + backMs);
          sentAt = heardAt + 10;
        }
      }),
    );
  });
});
