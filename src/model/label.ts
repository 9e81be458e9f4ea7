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
