import { expect, it } from '@jest/globals';
import { degradedPeriods } from '../../../src/http/console/degraded-periods.js';

const minute = 60_000;
const velocity = (at: number, decisions: number) => ({ at: at * minute, missing: 'velocity_unavailable', decisions });

it('joins minutes of one trouble, and keeps apart what hours lie between', () => {
  const ring = { at: 3 * minute, missing: 'ring_unavailable', decisions: 4 };
  expect(degradedPeriods([velocity(1, 10), velocity(3, 5), ring, velocity(100, 1)])).toEqual([
    { from: minute, to: 4 * minute, decisions: 15, missing: ['ring_unavailable', 'velocity_unavailable'] },
    { from: 100 * minute, to: 101 * minute, decisions: 1, missing: ['velocity_unavailable'] },
  ]);
  expect(degradedPeriods([])).toEqual([]);
});
