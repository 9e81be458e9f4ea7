import { randomFillSync } from 'node:crypto';

const poolBytes = 8192;
const pool = Buffer.allocUnsafe(poolBytes);
let taken = poolBytes;

/**
 * Random bytes from the system, drawn in advance: asking for a dozen at a time costs as much as asking for thousands.
 * Handed out once each; what was handed out is wiped.
 */
export function pooledRandomBytes(count: number): Buffer {
  if (count > poolBytes) return randomFillSync(Buffer.alloc(count));
  if (taken + count > poolBytes) {
    randomFillSync(pool);
    taken = 0;
  }
  const bytes = Buffer.from(pool.subarray(taken, taken + count));
  pool.fill(0, taken, taken + count);
  taken += count;
  return bytes;
}
