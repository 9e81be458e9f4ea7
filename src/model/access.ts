import type { Outcome } from './rule.js';

/** The account's state at the gate; `unknown` is what nobody has decided yet, and is not admitted. */
export const accessStates = ['admitted', 'limited', 'held', 'denied'] as const;
export type AccessState = (typeof accessStates)[number];

export const stateOfOutcome: Readonly<Record<Outcome, AccessState>> = {
  allow: 'admitted',
  limit: 'limited',
  hold: 'held',
  deny: 'denied',
};

export const accessRank: Readonly<Record<AccessState, number>> = { admitted: 0, limited: 1, held: 2, denied: 3 };

/** Why access changed. */
export const accessCauses = ['decision', 'case', 'verification', 'manual', 'label', 'rescore', 'retro_hold'] as const;
export type AccessCause = (typeof accessCauses)[number];

/** Committed, versioned: a higher version always wins. */
export interface Access {
  readonly accountId: string;
  readonly state: AccessState;
  readonly version: number;
  /** Only when limited. */
  readonly requestsPerDay?: number | undefined;
}
