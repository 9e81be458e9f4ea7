import type { Overview } from '../api/types.ts';

type Outcome = 'allow' | 'limit' | 'hold' | 'deny';

/** Ten and more without a fraction, less with one digit of it. */
export const round = (value: number): string =>
  value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);

export const percent = (share: number): string => `${round(100 * share)} %`;

export function countsOf({ signups }: Overview) {
  const sum = (outcome: Outcome): number => signups.reduce((all, { outcomes }) => all + (outcomes[outcome] ?? 0), 0);
  const [allow, limit, hold, deny] = [sum('allow'), sum('limit'), sum('hold'), sum('deny')];
  return { allow, limit, hold, deny, total: allow + limit + hold + deny };
}

const measuredMinutes = 5;
/** Chance moves a count of n by about √n; three times that is hardly chance. */
const hardlyChance = 3;

/** How signups come in now, against the same hour of the days before. */
export function paceWords({ signups_per_minute: now, usual_per_minute: usual }: Overview): string {
  if (usual === null) return 'What is usual at this hour is not known yet';
  const { low, high, days } = usual;
  const reach = (perMinute: number): number =>
    (hardlyChance * Math.sqrt(perMinute * measuredMinutes + 1)) / measuredMinutes;
  const against =
    now > high + reach(high) ? 'More than usual' : now < low - reach(low) ? 'Less than usual' : 'As usual';
  const band = round(low) === round(high) ? round(low) : `${round(low)} to ${round(high)}`;
  return `${against} at this hour: ${band} ${days === 1 ? 'the day before' : `on the ${days} days before`}`;
}

const missingWords: Readonly<Record<string, string>> = {
  velocity_unavailable: 'counters',
  ring_unavailable: 'rings',
  ip_intel_unavailable: 'data about addresses',
};

/** What decisions missed, in words where there are any. */
export const wordsOfMissing = (missing: readonly string[]): string =>
  missing.map((one) => missingWords[one] ?? one.replace(/_unavailable$/, '')).join(', ');
