import { CaseDraft } from '../cases/case-draft.js';
import { prioritySteps } from '../cases/case-priority.js';
import type { CaseRecords, Loaded } from '../cases/case-records.js';
import type { IdPrefix } from '../model/ids.js';
import type { Instant } from '../model/time.js';

export interface ExpiryPorts {
  readonly records: Pick<CaseRecords, 'change'>;
  readonly newId: (prefix: IdPrefix, now: Instant) => string;
}

interface Expiry {
  readonly accountId: string;
  /** Asked before this time. */
  readonly before: Instant;
  readonly now: Instant;
}

/** Who was asked and stays silent is waited for no longer: the case is a person's again, and says so. */
export function expireVerifications(
  { records, newId }: ExpiryPorts,
  { accountId, before, now }: Expiry,
): Promise<boolean> {
  return records.change({ accountId }, (loaded) => {
    const silent = loaded.verifications.filter(
      ({ state, requestedAt }) => state === 'requested' && requestedAt < before,
    );
    if (silent.length === 0) return { answer: false };
    const draft = new CaseDraft(loaded, { actor: 'expiry', now, newId: (prefix) => newId(prefix, now) });
    const methods = silent.map(({ method }) => method);
    for (const row of silent) draft.saveVerification({ ...row, state: 'expired', finishedAt: now });
    draft.record('verification.expired', accountId, { methods });
    giveBack(draft, loaded, silent);
    return { answer: true, changes: draft.changes() };
  });
}

function giveBack(draft: CaseDraft, { case: found, verifications }: Loaded, silent: Loaded['verifications']): void {
  if (found === undefined || found.state === 'decided') return;
  const waits = verifications.some((row) => isAsked(row, found.id) && !silent.includes(row));
  const waited = silent.some((row) => isAsked(row, found.id));
  const methods = silent.map(({ method }) => method);
  if (found.wholeRing || waits || !waited) {
    draft.addEntry(found.id, 'verification_expired', { methods, account_id: draft.account?.accountId ?? null });
    return;
  }
  const priority = found.priority - prioritySteps.awaitingVerification;
  draft.saveCase({ ...found, priority, version: found.version + 1 }, 'verification_expired', { methods });
}

const isAsked = ({ caseId, state }: Loaded['verifications'][number], id: string): boolean =>
  caseId === id && state === 'requested';
