/** How many of how many, with the interval that holds its true value 95 times of 100; wide where there are few. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** 0 to 1; null: of none. */
  readonly share: number | null;
  readonly low: number;
  readonly high: number;
}

const z = 1.96;

/** Wilson's interval: right for small groups and for shares near nothing, where the usual one is not. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, share: null, low: 0, high: 1 };
  const share = count / of;
  const weight = 1 + (z * z) / of;
  const middle = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return {
    count,
    of,
    share,
    low: Math.max(0, (middle - reach) / weight),
    high: Math.min(1, (middle + reach) / weight),
  };
}
