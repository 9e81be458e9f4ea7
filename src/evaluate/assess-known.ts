import type { AccountStatus } from '../decisions/decision-log.js';
import type { Event } from '../model/event.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import type { Recall, Remembered } from './account-memory.js';
import { type AssessWith, assess } from './assess.js';
import type { Assessment } from './assessment.js';
import { isTakenForNew } from './remembered-account.js';

interface Known {
  readonly recall: Recall;
  readonly remembered: Remembered | undefined;
}

/**
 * The memory hears a moment late of what people and verifications have cleared, one that was restored from an older copy has
 * forgotten it, and one that was lost or is too old takes an account that signs up again for a new one. So the truth is asked
 * before an account is limited or held: nobody is, a second time, for what a person has looked at. A signup that nothing speaks
 * against, as nearly all are, costs no question.
 */
export async function assessKnown(event: Event, { recall, remembered }: Known, how: AssessWith): Promise<Assessment> {
  const assessment = await assess(event, remembered, how);
  // Whatever else was recalled comes from the truth.
  const isUncertain = recall.kind === 'remembered' || isTakenForNew(event, recall);
  if (assessment.decided.outcome === 'allow' || !isUncertain) return assessment;
  const before = remembered ?? { parts: {} };
  const status = await statusOf(event.account.id, how);
  if (status === undefined || !saysMore(status, before)) return assessment;
  const { verified, clearedRules, evidence } = status;
  void how.ports.memory.clear(event.account.id, { verified, clearedRules, evidence });
  return assess(event, { ...before, verified, clearedRules, evidence }, how);
}

/** Undefined also where the truth cannot be had: then the decision cannot be recorded either, and its caller is told so. */
const statusOf = (accountId: string, { ports }: AssessWith): Promise<AccountStatus | undefined> =>
  ports.log.status(accountId).catch((error: unknown) => {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  });

const saysMore = (status: AccountStatus, { verified, clearedRules = [] }: Remembered): boolean =>
  (status.verified && verified !== true) || status.clearedRules.some((rule) => !clearedRules.includes(rule));
