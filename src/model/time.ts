/** Epoch milliseconds. */
export type Instant = number;

/** Ids hold no time before it. */
const firstInstant: Instant = 0;
/** What lies years after an instant (windows, judging again, expiry) has four digits for its year too, as RFC 3339 wants. */
const endOfInstants: Instant = Date.UTC(9000, 0, 1);

/** True for what everything here can count with, write and store; false for no number. */
export const isInstant = (at: number): boolean => at >= firstInstant && at < endOfInstants;

/** What is said of a time that is none of these. */
export const instantsExpected = 'expected a time of the years 1970 to 8999';

/** A time that somebody wrote; undefined for one that cannot be used, and for what is no time. */
export function parseInstant(text: string): Instant | undefined {
  const at = Date.parse(text);
  return isInstant(at) ? at : undefined;
}

/** The only way the core learns the time: an argument. */
export interface Clock {
  now(): Instant;
}

/**
 * How far the time of accounts, rings and baselines has come: now, or, where the time that events tell is trusted, the time
 * of the newest ones, which an import brings from long ago.
 */
export type EventNow = () => Promise<Instant>;

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `10m` to 600. Undefined when the text is no duration (an integer and one of s, m, h, d, w). */
export function parseDurationSeconds(text: string): number | undefined {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : unitSeconds[match[2]];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

const dayMs = 86_400_000;
const lastDay = Date.UTC(9999, 11, 31) / dayMs;
let knownDay = Number.NaN;
/** `2026-11-21T` */
let knownDayText = '';

/** `2026-11-21T07:05:09.042Z`. An event has half a dozen instants, most of them of one day, whose text is kept. */
export function toIso(at: Instant): string {
  const day = Math.floor(at / dayMs);
  if (!Number.isInteger(at) || day < 0 || day > lastDay) return new Date(at).toISOString();
  if (day !== knownDay) {
    knownDayText = new Date(day * dayMs).toISOString().slice(0, 11);
    knownDay = day;
  }
  const ms = at - day * dayMs;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  const rest = ms % 1000;
  return `${knownDayText}${clock}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
}

/** `2026-11-21`, in UTC. */
export const dayText = (at: Instant): string => toIso(at).slice(0, 10);

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : `${number}`);
