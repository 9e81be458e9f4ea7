import type { CaseUpkeep } from '../../cases/case-upkeep.js';
import { outstandingRequests, type VerificationJob } from '../../cases/verification-work.js';
import type { GateEntry } from '../../gate/gate-store.js';
import type { AccessState } from '../../model/access.js';
import { type CaseRow, caseRecordOf, type VerificationRow, verificationOf } from './case-rows.js';
import type { Database } from './database.js';

const heldSql = `select a.account_id from accounts a
  where a.state = 'held' and not exists (
    select 1 from cases c
    where c.account_id = a.account_id and not c.whole_ring
      and (c.state <> 'decided' or (c.decision = 'approve' and c.applied_at is null))
  ) and not exists (
    select 1 from case_accounts m join cases c on c.id = m.case_id
    where m.account_id = a.account_id and m.left_at is null
      and (c.state <> 'decided' or c.settling or (c.decision = 'approve' and c.applied_at is null))
  ) limit $1`;

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

export function createCaseUpkeep(database: Database): CaseUpkeep {
  const triedOf = async (caseId: string): Promise<ReadonlySet<string>> => {
    const rows = await database.query<{ request_id: string }>(triedSql, [caseId]);
    return new Set(rows.map(({ request_id }) => request_id));
  };
  return {
    async heldWithoutCase(limit) {
      const rows = await database.query<{ account_id: string }>(heldSql, [limit]);
      return rows.map(({ account_id }) => account_id);
    },
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

interface EntryRow {
  account_id: string;
  state: AccessState;
  version: number;
  requests_per_day: number | null;
  api_key_ids: string[];
}

const pageSql = `select a.account_id, a.state, a.version, a.requests_per_day,
    array(select k.api_key_id from account_keys k where k.account_id = a.account_id
      order by k.announced_at desc limit 1000) as api_key_ids
  from accounts a where a.account_id > $1 order by a.account_id limit $2`;

/** Every account's access, in order of account ids, after the given one: what the gate projection is rebuilt from. */
export async function gateEntriesAfter(database: Database, accountId: string, limit: number): Promise<GateEntry[]> {
  const rows = await database.query<EntryRow>(pageSql, [accountId, limit]);
  return rows.map((row) => ({
    access: {
      accountId: row.account_id,
      state: row.state,
      version: row.version,
      requestsPerDay: row.requests_per_day ?? undefined,
    },
    apiKeyIds: row.api_key_ids,
  }));
}
