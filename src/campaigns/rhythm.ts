import type { Random } from './random.js';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Share of a waking person's activity by local hour, 1 on average. */
const byHour = [
  0.35, 0.22, 0.15, 0.12, 0.12, 0.18, 0.35, 0.65, 1.0, 1.35, 1.5, 1.5, 1.4, 1.45, 1.5, 1.5, 1.45, 1.35, 1.25, 1.3, 1.4,
  1.35, 1.0, 0.6,
];

/** How active people are at a time in a place, 1 on average; fewer at weekends. */
export function activity(at: number, offsetH: number): number {
  const local = at + offsetH * hourMs;
  const hour = Math.floor(local / hourMs) % 24;
  const weekday = new Date(local).getUTCDay();
  return (byHour[hour] ?? 1) * (weekday === 0 || weekday === 6 ? 0.65 : 1.14);
}

/** Times at random, `perDay` on average where the shape is 1, more where it is higher (at most `peak`). */
export function* poissonTimes(
  { from, until, perDay, shape, peak = 2 }: PoissonTimes,
  random: Random,
): Generator<number> {
  const mean = dayMs / (perDay * peak);
  for (let at = from + random.exponential(mean); at < until; at += random.exponential(mean))
    if (random.chance(shape(at) / peak)) yield Math.round(at);
}

interface PoissonTimes {
  readonly from: number;
  readonly until: number;
  readonly perDay: number;
  readonly shape: (at: number) => number;
  readonly peak?: number;
}

/** Exactly `count` times between two, drawn by the shape, in order. */
export function spreadTimes(
  count: number,
  { from, until, shape }: Omit<PoissonTimes, 'perDay'>,
  random: Random,
): number[] {
  const times: number[] = [];
  while (times.length < count) {
    const at = random.between(from, until);
    if (random.chance(shape(at) / 2)) times.push(Math.round(at));
  }
  return times.sort((a, b) => a - b);
}

export const always = (): number => 1;
