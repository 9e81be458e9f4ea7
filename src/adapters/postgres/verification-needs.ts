import type { VerificationNeeds } from '../../verification/verification-needs.js';
import {
  type BroughtQuestion,
  outstandingRequests,
  type VerificationJob,
  type VerificationRequest,
} from '../../verification/verification-work.js';
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

/**
 * $1: a ring's case; $2: an account in it, or null for all. What a provider said `pending` of while the account had a case of
 * its own; the id of the question begins with that of the case, which went into this one undecided.
 */
const broughtSql = `select distinct on (l.account_id, l.method)
    l.account_id as "accountId", l.method, l.request_id as "requestId"
  from case_accounts m
  join provider_links l on l.account_id = m.account_id
  join cases c on c.id = substring(l.request_id from '^case_[0-9A-Z]{26}')
  where m.case_id = $1 and m.left_at is null and ($2::text is null or m.account_id = $2)
    and c.account_id = m.account_id and not c.whole_ring and c.state = 'decided' and c.decision is null
    and not exists (select 1 from verifications v where v.id = l.request_id and v.state <> 'requested')
  order by l.account_id, l.method, l.given_at desc`;

const ringCaseSql = `select c.account_id, m.case_id from cases c
  join case_accounts m on m.account_id = c.account_id and m.left_at is null
  join cases r on r.id = m.case_id and r.state <> 'decided'
  where c.id = $1 and not c.whole_ring and c.state = 'decided' and c.decision is null limit 1`;

export function createVerificationNeeds(database: Database): VerificationNeeds {
  const triedOf = async (caseId: string): Promise<ReadonlySet<string>> => {
    const rows = await database.query<{ request_id: string }>(triedSql, [caseId]);
    return new Set(rows.map(({ request_id }) => request_id));
  };
  const broughtTo = async (found: CaseRow | undefined, accountId: string | null): Promise<BroughtQuestion[]> =>
    found?.whole_ring === true ? database.query<BroughtQuestion>(broughtSql, [found.id, accountId]) : [];
  const askedOf = async (caseId: string, accountId: string): Promise<readonly VerificationRequest[]> => {
    const [[found], rows, tried] = await Promise.all([
      database.query<CaseRow>(caseSql, [caseId]),
      database.query<VerificationRow>(rowsOfSql, [caseId, accountId]),
      triedOf(caseId),
    ]);
    if (found === undefined) return [];
    const record = caseRecordOf(found);
    const brought = await broughtTo(found, accountId);
    const asked = { version: record.jobVersion, accountIds: [accountId], tried, brought };
    return outstandingRequests(record, rows.map(verificationOf), asked);
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
      const brought = await broughtTo(found, null);
      const asked = { version, accountIds, tried, brought };
      return outstandingRequests(caseRecordOf(found), rows.map(verificationOf), asked);
    },
    askedOf,
    async askedInRing(caseId) {
      const [row] = await database.query<{ account_id: string; case_id: string }>(ringCaseSql, [caseId]);
      return row === undefined ? [] : askedOf(row.case_id, row.account_id);
    },
  };
}
