import type { Access } from '../model/access.js';
import type { Case } from '../model/case.js';
import { methodsOf } from './asked-methods.js';
import type { AccountRecord, CaseRecord } from './case-records.js';

export const accessOfAccount = ({ accountId, state, version, requestsPerDay }: AccountRecord): Access =>
  requestsPerDay === null ? { accountId, state, version } : { accountId, state, version, requestsPerDay };

/** Without what only the store needs. */
export function caseOf(record: CaseRecord): Case {
  const { rules: _rules, claimNumber: _claimNumber, appliedAt: _appliedAt, jobVersion: _jobVersion, ...shown } = record;
  const asksFor = methodsOf(record);
  const {
    settling: _settling,
    memberLabel: _memberLabel,
    fraudLabelled: _fraudLabelled,
    breachedAt: _breachedAt,
    barredActor: _barredActor,
    ...rest
  } = shown;
  return { ...rest, asksFor };
}
