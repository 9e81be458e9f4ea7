import type { Rule, Share } from '../api/types.ts';

export const modeWords = ({ mode, fuse_blown }: Rule): string => {
  const words = typeof mode === 'string' ? mode : `${Math.round(mode.rollout * 100)} % of accounts`;
  return fuse_blown === null ? words : `${words}, fuse blown`;
};

/** A share with its interval, or that nothing is known. */
export function shareWords({ share, count, of, low, high }: Share): string {
  if (share === null) return 'not known';
  const part = (value: number): string => `${Math.round(value * 100)}`;
  return `${part(share)} % (${part(low)} to ${part(high)}; ${count} of ${of})`;
}

/** Cost of one evaluation. */
export const costWords = (nanoseconds: number | null): string =>
  nanoseconds === null ? 'not measured' : `${(nanoseconds / 1000).toFixed(1)} µs`;
