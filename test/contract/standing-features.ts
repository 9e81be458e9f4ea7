import { expect, it } from '@jest/globals';
import { BurstFigures, burstReadings } from '../../src/features/burst.js';
import type { FeatureRequest, FeatureStore } from '../../src/features/feature-store.js';
import type { FeatureSpec } from '../../src/model/feature.js';

const hour = 3_600_000;
const day = 24 * hour;
const start = 1_777_000_000_000;

export const burst: FeatureSpec = {
  name: 'burst',
  id: 'sha256:burst1h',
  kind: 'burst',
  of: 'signup',
  by: ['device.template', 'email.shape'],
  windowMs: hour,
  baselineMs: 2 * day,
  min: 4,
  on: ['signup'],
  exactTo: 128,
};

let run = 0;

/** What every store of bursts and trusted accounts keeps to. */
export function standingContract(store: () => FeatureStore): void {
  const scene = () => {
    const tag = `s${run++}`;
    const spec: FeatureSpec = { ...burst, id: `sha256:${tag}` };
    const told = (n: number, key: string, at: number): FeatureRequest => ({
      eventId: `${tag}e${n}`,
      accountId: `${tag}a${n}`,
      at,
      lookups: [{ spec, key: `k.${tag}${key}`, counts: true }],
    });
    return { tag, told };
  };

  it('compares a key with its own past and with the traffic of the moment', async () => {
    const { told } = scene();
    let n = 0;
    for (; n < 600; n++) await store().observe(told(n, n % 100 === 0 ? 'rare' : 'usual', start + n * 4 * 60_000));
    const now = start + n * 4 * 60_000;
    for (let i = 0; i < 9; i++) await store().observe(told(n++, 'rare', now + i * 1000));
    const [figures] = await store().observe(told(n++, 'rare', now + 10_000));
    if (!(figures instanceof BurstFigures)) throw new Error('figures');
    expect(figures.count).toBe(10);
    expect(figures.baseline).toBe(6);
    expect(figures.baselineTotal).toBeGreaterThan(550);
    expect(figures.total).toBeGreaterThanOrEqual(24);
    expect(burstReadings(figures, burst)[3]).toBeGreaterThan(7);
  });
}
