const inSeconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

/** For people: why a line came too late to be put in order, and what helps. */
export const tooLate = (byMs: number, horizonMs: number): string =>
  `${inSeconds(byMs)} too late: what comes after it has been decided already. Up to ${inSeconds(horizonMs)} of disorder ` +
  'are put in order; sort the file by time, or give a longer --horizon';
