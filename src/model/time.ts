/** Epoch milliseconds. */
export type Instant = number;

/** The only way the core learns the time: an argument. */
export interface Clock {
  now(): Instant;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `10m` to 600. Undefined when the text is no duration (an integer and one of s, m, h, d, w). */
export function parseDurationSeconds(text: string): number | undefined {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : unitSeconds[match[2]];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

export const toIso = (at: Instant): string => new Date(at).toISOString();
