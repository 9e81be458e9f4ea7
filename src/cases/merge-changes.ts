import type { CaseChanges } from './case-records.js';

export const noChanges: CaseChanges = {
  accounts: [],
  cases: [],
  members: [],
  batchAccounts: [],
  batches: [],
  entries: [],
  verifications: [],
  labels: [],
  withdrawnLabels: [],
  outbox: [],
  audit: [],
};

/** What several drafts of one transaction write together. */
export const mergeChanges = (all: readonly CaseChanges[]): CaseChanges => ({
  accounts: all.flatMap((one) => one.accounts),
  cases: all.flatMap((one) => one.cases),
  members: all.flatMap((one) => one.members),
  batchAccounts: all.flatMap((one) => one.batchAccounts),
  batches: all.flatMap((one) => one.batches),
  entries: all.flatMap((one) => one.entries),
  verifications: all.flatMap((one) => one.verifications),
  labels: all.flatMap((one) => one.labels),
  withdrawnLabels: all.flatMap((one) => one.withdrawnLabels),
  outbox: all.flatMap((one) => one.outbox),
  audit: all.flatMap((one) => one.audit),
});
