import { describe, expect, it } from '@jest/globals';
import { dropsOf } from '../../../src/adapters/redis/read-drops.js';
import { type DropReading, haveDropped, seenDrops } from '../../../src/features/dropped-records.js';

const server = (more: Partial<DropReading> = {}): DropReading => ({
  runId: 'run1',
  dropped: 0,
  policy: undefined,
  isAtLimit: false,
  ...more,
});
const lru = { policy: 'allkeys-lru' };

describe('a Redis', () => {
  it.each<[boolean, string, DropReading | undefined, DropReading]>([
    [false, 'nobody has seen yet, that never dropped any and cannot', undefined, server()],
    [true, 'nobody has seen yet, that has dropped some', undefined, server({ dropped: 3 })],
    [true, 'nobody has seen yet, that may have dropped some before it was restarted', undefined, server(lru)],
    [false, 'that may drop some, and has not', server(lru), server(lru)],
    [true, 'that dropped more than was seen', server({ ...lru, dropped: 3 }), server({ ...lru, dropped: 4 })],
    [true, 'that may drop none any more, and did', server(lru), server({ dropped: 1 })],
    [false, 'that was restarted, and could never drop any', server({ dropped: 3 }), server({ runId: 'run2' })],
    [true, 'that was restarted, and could drop some before', server(lru), server({ runId: 'run2' })],
    [true, 'that was restarted, and can drop some now', server(), server({ ...lru, runId: 'run2' })],
    [true, 'that was restarted, and has dropped some', server(), server({ runId: 'run2', dropped: 1 })],
    [false, 'whose count was set back, and that can drop none', server({ dropped: 3 }), server()],
    [true, 'whose count was set back, and that can drop some', server({ ...lru, dropped: 3 }), server(lru)],
  ])('has dropped records, %s: %s', (expected, _title, seen, now) => {
    expect(haveDropped([now], seen && seenDrops([seen]))).toBe(expected);
  });

  it('is seen as the same whatever the order in which the servers of a cluster answer', () => {
    const [one, other] = [server(), server({ runId: 'run2', dropped: 2 })];
    expect(JSON.stringify(seenDrops([one, other]))).toBe(JSON.stringify(seenDrops([other, one])));
  });

  it('is read from what it says of itself', () => {
    const info = (used: number, limit: number, policy: string): string =>
      ['# Server', 'run_id:4f', `used_memory:${used}`, 'mem_not_counted_for_evict:10', `maxmemory:${limit}`]
        .concat([`maxmemory_policy:${policy}`, 'evicted_clients:1', 'evicted_keys:7', ''])
        .join('\r\n');
    expect(dropsOf(info(90, 100, 'allkeys-lru'))).toEqual({ ...server(lru), runId: '4f', dropped: 7 });
    expect(dropsOf(info(105, 100, 'volatile-ttl'))).toMatchObject({ policy: 'volatile-ttl', isAtLimit: true });
    expect(dropsOf(info(105, 0, 'allkeys-lru'))).toMatchObject({ policy: undefined, isAtLimit: false });
    expect(dropsOf(info(105, 100, 'noeviction'))).toMatchObject({ policy: undefined });
  });
});
