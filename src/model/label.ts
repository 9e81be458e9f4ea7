import type { Instant } from './time.js';

export const labels = ['fraud', 'honest'] as const;
/** Truth learnt later about an account. */
export type Label = (typeof labels)[number];

export interface AccountLabel {
  readonly accountId: string;
  readonly label: Label;
  readonly source: string;
  readonly observedAt: Instant;
}

/**
 * The one that counts of an account's labels, given in the order in which they arrived: the newest by `observedAt`, whenever
 * it came; of several of one time the last.
 */
export const newestLabel = <Known extends Pick<AccountLabel, 'observedAt'>>(
  labels: readonly Known[],
): Known | undefined =>
  labels.reduce<Known | undefined>(
    (newest, one) => (newest !== undefined && newest.observedAt > one.observedAt ? newest : one),
    undefined,
  );
