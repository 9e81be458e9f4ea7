import type { Instant } from '../model/time.js';

export const minuteMs = 60_000;

/** Tables keep times of many millions of rows as minutes since 1970: in 32 bits they reach to the year 8999, seconds to 2038. */
export const minuteOf = (at: Instant): number => Math.floor(at / minuteMs);

/** What a column of numbers with a sign gives back: beyond the year 6053 it is negative. */
export const minuteIn = (kept: number): number => kept >>> 0;
