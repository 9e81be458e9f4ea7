import { conditionOf } from './outbox.js';

/**
 * Where something may stand about the account: in its own cases, and in those of rings, of which only what names it. They
 * are joined, so that each is looked up: an OR over both would read the whole table while the account's row is locked.
 */
export const itsCases = `select c.id, true as is_own from cases c where c.account_id = $1
  union all select m.case_id, false from case_accounts m where m.account_id = $1`;
/** An entry of the case that a ring's was opened with may name another account. */
export const isAbout = (detail: string): string =>
  `coalesce(${detail}->>'account_id', case when k.is_own then $1 end) = $1`;
/** The account that a ring's case was opened for is in it twice. */
export const eachCase = `select id, bool_or(is_own) as is_own from (${itsCases}) c group by id`;

export const caseEntries = `from (${eachCase}) k join case_entries e on e.case_id = k.id where ${isAbout('e.detail')}`;
/** An account may be called as a list, a key or a rule is: what was done with those is not about it. */
export const isAuditAbout = (row: string): string =>
  `${row}.kind !~ '^(list|key|webhook|rule|ruleset|policy)\\.' and ${isAbout(`${row}.detail`)}`;
export const auditRows = `from (select $1::text as id, true as is_own union all ${eachCase}) k
  join audit a on a.subject = k.id where ${isAuditAbout('a')}`;
/** What is done has an index by account; what is under way is little, and has one for each lane. */
export const messagesOf = [
  'done_at is not null',
  ...Object.values(conditionOf).map((lane) => `done_at is null and ${lane}`),
].map((part) => `from outbox where ${part} and coalesce(payload->>'account_id', subject) = $1`);

/** Anything was ever stored about the account; `$1` is its id. */
export const knownSql = `select 1 from accounts where account_id = $1
  union all select 1 from envelope_salts where account_id = $1 limit 1`;
