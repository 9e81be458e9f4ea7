import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../src/campaigns/random.js';

const many = <T>(draw: (random: Random) => T, count = 20_000): T[] => {
  const random = new Random('many');
  return Array.from({ length: count }, () => draw(random));
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('Random', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    const five = (seed: string) => many(() => 0, 5).map((_, index) => new Random(seed).fork(index).next());
    expect(five('a')).toEqual(five('a'));
    expect(five('a')).not.toEqual(five('b'));
  });

  it('forks by name, whatever was drawn before', () => {
    const fresh = new Random('seed');
    const used = new Random('seed');
    used.next();
    expect(used.fork('x').next()).toBe(fresh.fork('x').next());
    expect(used.fork('x').next()).not.toBe(used.fork('y').next());
  });

  it('is even, and keeps the weights that it is given', () => {
    expect(mean(many((random) => random.next()))).toBeCloseTo(0.5, 1);
    const heads = many((random) =>
      random.weighted([
        ['a', 3],
        ['b', 1],
      ] as const),
    ).filter((side) => side === 'a');
    expect(heads.length / 20_000).toBeCloseTo(0.75, 1);
  });

  it('has half of the log-normal values below the median, and exponential waits of the mean', () => {
    const below = many((random) => random.logNormal(50, 1)).filter((value) => value < 50);
    expect(below.length / 20_000).toBeCloseTo(0.5, 1);
    expect(mean(many((random) => random.exponential(10)))).toBeCloseTo(10, 0);
  });

  it('never leaves the table: Zipf ranks lie within it and the first is the commonest', () => {
    const ranks = many((random) => random.zipf(50));
    expect(Math.max(...ranks)).toBeLessThan(50);
    expect(ranks.filter((rank) => rank === 0).length).toBeGreaterThan(ranks.filter((rank) => rank === 1).length);
  });

  it('fills patterns', () => {
    expect(new Random('p').fill('a##-%-~~-**')).toMatch(/^a\d\d-[2-9]-[0-9a-f]{2}-[0-9a-z]{2}$/);
  });
});
