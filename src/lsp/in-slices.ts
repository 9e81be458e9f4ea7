import type { Pace } from '../model/steps.js';

/** Work that nobody waits for lets requests pass every few milliseconds. */
export const inSlices: Pace = {
  elapsed: () => performance.now(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  sliceMs: 4,
};
