import type { CaseState } from '../../model/case.js';

/** As `asOf`: what a case is at the time in `now`, whatever was written last. */
export const stateAsOf = (now: string): Readonly<Record<CaseState, string>> => ({
  open: `(state = 'open' or (state = 'claimed' and lease_until <= ${now}) or (state = 'snoozed' and snoozed_until <= ${now}))`,
  claimed: `(state = 'claimed' and lease_until > ${now})`,
  snoozed: `(state = 'snoozed' and snoozed_until > ${now})`,
  decided: `state = 'decided'`,
});
