const inSeconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

/** For people: how much older than the newest line before it a line is, why that is too late to be put in order, and what helps. */
export const tooLate = (byMs: number, horizonMs: number): string =>
  `comes ${inSeconds(byMs)} late in the file, and up to ${inSeconds(horizonMs)} of disorder are put in order; ` +
  'sort the file by time, or give a longer --horizon where the command takes one';
