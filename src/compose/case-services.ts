import type { AccountChanges } from '../accounts/account-changes.js';
import { createAccountChanges } from '../accounts/create-account-changes.js';
import { postgresCaseRecords } from '../adapters/postgres/case-records.js';
import type { Database } from '../adapters/postgres/database.js';
import { sharedEvidence } from '../adapters/postgres/shared-evidence.js';
import { announceDecisions, announcing } from '../cases/announce-decisions.js';
import { announceRecords } from '../cases/announce-records.js';
import type { CaseRecords } from '../cases/case-records.js';
import { createCaseUpkeep } from '../cases/create-case-upkeep.js';
import { createReviewQueue } from '../cases/create-review-queue.js';
import type { ReviewQueue } from '../cases/review-queue.js';
import type { Access } from '../model/access.js';
import { createVerificationRecorder } from '../verification/create-verification-recorder.js';
import type { RecordVerification } from '../verification/verification-result.js';
import { gateProjection, type Parts, publishAll, random } from './parts.js';

/** How people and verifications change accounts. */
export interface CaseServices {
  readonly cases: ReviewQueue;
  readonly accounts: AccountChanges;
  readonly recordVerification: RecordVerification;
}

/** Each change is told before whoever asked for it is answered. */
export function announcedCaseServices(
  parts: Parts,
  database: Database,
  announce: (access: Access) => Promise<void>,
): CaseServices {
  const told = announcing(announce);
  const records = postgresCaseRecords(database);
  const queue = createReviewQueue(records, { ...stepOptions(parts), claimSecret: `claims:${parts.pepper}` });
  const accounts = createAccountChanges(records, stepOptions(parts));
  const recordVerification = verificationRecorder(parts, database);
  return {
    cases: parts.ringDesks.guard(announceDecisions(queue, told)),
    accounts: {
      recordLabel: (label, actor, now) => told(accounts.recordLabel(label, actor, now)),
      changeManually: (change) => told(accounts.changeManually(change)),
    },
    recordVerification: (result) => told(recordVerification(result)),
  };
}

/** Rows of accounts and cases for what goes on by itself: what it changes is at the gate as soon as it is committed. */
export const announcedRecords = (
  database: Database,
  { store, truthWatch }: Pick<Parts, 'store' | 'truthWatch'>,
): CaseRecords => announceRecords(postgresCaseRecords(database), publishAll(gateProjection(store.hot, truthWatch)));

export const caseUpkeep = (parts: Parts, database: Database) =>
  createCaseUpkeep(announcedRecords(database, parts), stepOptions(parts));

export const verificationRecorder = (parts: Parts, database: Database): RecordVerification =>
  createVerificationRecorder(postgresCaseRecords(database), {
    ...stepOptions(parts),
    sharedBy: sharedEvidence(
      database,
      () => parts.rules.live.snapshot().ruleSet.policy.verification.accountsPerIdentifier,
    ),
  });

const stepOptions = ({ rules }: Parts) => ({ random, sla: () => rules.live.snapshot().ruleSet.policy.sla });
