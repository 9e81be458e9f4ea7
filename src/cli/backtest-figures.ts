import type { Change, Share } from '../backtest/report.js';

/** 1234567 is 1,234,567. */
export const formatCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

export const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;

/** `75.0 % (51.3 % to 89.6 %; 12 of 16)`; nothing can be said of none. */
export const shareText = ({ share, low, high, count, of }: Share): string =>
  share === null
    ? 'of none'
    : `${percent(share)} (${percent(low)} to ${percent(high)}; ${formatCount(count)} of ${formatCount(of)})`;

/** `allow to hold 12, hold to limit 3` */
export const changesText = (changes: readonly Change[]): string =>
  changes.length === 0
    ? 'none'
    : changes.map(({ from, to, count }) => `${from} to ${to} ${formatCount(count)}`).join(', ');
