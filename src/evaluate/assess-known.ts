import type { AccountStatus } from '../decisions/decision-log.js';
import type { Event } from '../model/event.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import type { Recall, Remembered } from './account-memory.js';
import { type Assessment, type AssessWith, assess } from './assess.js';

interface Known {
  readonly recall: Recall;
  readonly remembered: Remembered | undefined;
}

/**
 * The memory hears a moment late of what people and verifications have cleared, and one that was restored from an older copy
 * has forgotten it. So the truth is asked before an account that is remembered is limited or held: nobody is, a second time,
 * for what a person has looked at.
 */
export async function assessKnown(event: Event, { recall, remembered }: Known, how: AssessWith): Promise<Assessment> {
  const assessment = await assess(event, remembered, how);
  if (assessment.decided.outcome === 'allow' || recall.kind !== 'remembered') return assessment;
  const status = await statusOf(event.account.id, how);
  if (status === undefined || !saysMore(status, recall.remembered)) return assessment;
  const { verified, clearedRules, evidence } = status;
  void how.ports.memory.clear(event.account.id, { verified, clearedRules, evidence });
  return assess(event, { ...recall.remembered, verified, clearedRules, evidence }, how);
}

/** Undefined also where the truth cannot be had: then the decision cannot be recorded either, and its caller is told so. */
const statusOf = (accountId: string, { ports }: AssessWith): Promise<AccountStatus | undefined> =>
  ports.log.status(accountId).catch((error: unknown) => {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  });

const saysMore = (status: AccountStatus, { verified, clearedRules = [] }: Remembered): boolean =>
  (status.verified && verified !== true) || status.clearedRules.some((rule) => !clearedRules.includes(rule));
