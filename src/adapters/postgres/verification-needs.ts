import type { VerificationNeeds } from '../../verification/verification-needs.js';
import { outstandingRequests, type VerificationJob } from '../../verification/verification-work.js';
import { type CaseRow, caseRecordOf, type VerificationRow, verificationOf } from './case-rows.js';
import type { Database } from './database.js';

/** Of a ring's case; a larger ring is for people to decide. */
const membersAsked = 1000;
const membersSql = `select account_id from case_accounts
  where case_id = $1 and left_at is null order by joined_at, account_id limit $2`;

const neededSql = `select id as "caseId", job_version as version from cases
  where state <> 'decided' and id > $1 order by id limit $2`;

const caseSql = 'select * from cases where id = $1';
const rowsSql = 'select * from verifications where case_id = $1 order by requested_at, id';
const rowsOfSql = 'select * from verifications where case_id = $1 and account_id = $2 order by requested_at, id';
/** Answered after a provider had said `pending`. */
const triedSql = `select l.request_id from verifications v join provider_links l on l.request_id = v.id
  where v.case_id = $1 and v.state = 'failed'`;

export function createVerificationNeeds(database: Database): VerificationNeeds {
  const triedOf = async (caseId: string): Promise<ReadonlySet<string>> => {
    const rows = await database.query<{ request_id: string }>(triedSql, [caseId]);
    return new Set(rows.map(({ request_id }) => request_id));
  };
  return {
    neededJobs: (afterCaseId, limit) => database.query<VerificationJob>(neededSql, [afterCaseId, limit]),
    async outstanding({ caseId, version }) {
      const [[found], rows, members, tried] = await Promise.all([
        database.query<CaseRow>(caseSql, [caseId]),
        database.query<VerificationRow>(rowsSql, [caseId]),
        database.query<{ account_id: string }>(membersSql, [caseId, membersAsked]),
        triedOf(caseId),
      ]);
      if (found === undefined) return [];
      const accountIds = found.whole_ring ? members.map(({ account_id }) => account_id) : [found.account_id];
      return outstandingRequests(caseRecordOf(found), rows.map(verificationOf), { version, accountIds, tried });
    },
    async askedOf(caseId, accountId) {
      const [[found], rows, tried] = await Promise.all([
        database.query<CaseRow>(caseSql, [caseId]),
        database.query<VerificationRow>(rowsOfSql, [caseId, accountId]),
        triedOf(caseId),
      ]);
      if (found === undefined) return [];
      const record = caseRecordOf(found);
      const asked = { version: record.jobVersion, accountIds: [accountId], tried };
      return outstandingRequests(record, rows.map(verificationOf), asked);
    },
  };
}
