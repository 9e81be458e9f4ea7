import { eachCase, isAbout, isAuditAbout, messagesOf } from './subject-rows.js';

/** Rows of one statement of an export: few enough to be held, and to be read in the time that a statement has. */
export const pageRows = 200;

export interface SectionStatement {
  readonly name: string;
  /** `$1` is the account; where there is a key, the rows after `$2` of it, as many as a page has. */
  readonly sql: string;
  readonly key?: RowKey;
}

interface RowKey {
  readonly name: string;
  /** What comes before every other. */
  readonly first: string | number;
}

const textKey = (name: string): RowKey => ({ name, first: '' });
const numberKey = (name: string): RowKey => ({ name, first: 0 });
const pageBy = (column: string): string => `and ${column} > $2 order by ${column} limit ${pageRows}`;

const paged = (name: string, key: RowKey, rows: string): SectionStatement => ({
  name,
  key,
  sql: `select ${rows} ${pageBy(key.name)}`,
});

/** Of each case, and of the account itself, no more rows are looked at than a page has. */
const pagedOfEach = (name: string, key: string, { each, rows }: { each: string; rows: string }): SectionStatement => ({
  name,
  key: numberKey(key),
  sql: `select e.* from ${each} k cross join lateral (
      select r.* from ${rows} ${pageBy(`r.${key}`)}
    ) e order by e.${key} limit ${pageRows}`,
});

const messageColumns = 'id, kind, subject, payload, created_at, done_at';
const pagedMessages = messagesOf
  .map((rows) => `(select ${messageColumns} ${rows} ${pageBy('id')})`)
  .join('\n  union all ');

/** Sections of an export, as they are stored. Those without a key have one row, or one for each time that a provider was asked. */
export const sections: readonly SectionStatement[] = [
  { name: 'access', sql: 'select * from accounts where account_id = $1' },
  paged('api_keys', textKey('api_key_id'), '* from account_keys where account_id = $1'),
  paged(
    'decisions',
    textKey('id'),
    `id, event_id, type, occurred_at, decided_at, outcome, score, answer, inputs, trace from decisions
     where account_id = $1`,
  ),
  paged('cases', textKey('id'), '* from cases where account_id = $1'),
  pagedOfEach('case_entries', 'id', {
    each: `(${eachCase})`,
    rows: `case_entries r where r.case_id = k.id and ${isAbout('r.detail')}`,
  }),
  paged('ring_cases', textKey('case_id'), '* from case_accounts where account_id = $1'),
  paged('verifications', textKey('id'), '* from verifications where account_id = $1'),
  { name: 'provider_links', sql: 'select method, given_at from provider_links where account_id = $1' },
  paged('labels', numberKey('id'), '* from labels where account_id = $1'),
  { name: 'ring_memberships', sql: 'select * from ring_members where account_id = $1' },
  paged('appeal_records', textKey('id'), 'id, case_id, appealed_at from appeals where account_id = $1'),
  { name: 'email_codes', sql: 'select expires_at, tries, sent_at from email_codes where account_id = $1' },
  paged('evidence_traces', textKey('id'), 'id, at, trace from evidence_traces where account_id = $1'),
  paged('batches', textKey('batch_id'), '* from access_batch_accounts where account_id = $1'),
  { name: 'rescores', sql: 'select * from rescores where account_id = $1' },
  {
    name: 'messages',
    key: numberKey('id'),
    sql: `select * from (${pagedMessages}) m order by id limit ${pageRows}`,
  },
  paged(
    'webhook_deliveries',
    textKey('id'),
    `id, endpoint_id, message_id, event, payload, state, created_at, finished_at from webhook_deliveries
     where payload->>'account_id' = $1`,
  ),
  pagedOfEach('audit', 'seq', {
    each: `(select $1::text as id, true as is_own union all ${eachCase})`,
    rows: `audit r where r.subject = k.id and ${isAuditAbout('r')}`,
  }),
];

/** What is sealed, with its salt; what was erased has none any more. */
const sealedOf = (name: string, table: string, sealedAs: string): SectionStatement => ({
  name,
  key: textKey('id'),
  sql: `select d.id, s.salt, d.sealed from ${table} d join envelope_salts s on s.event_id = d.${sealedAs}
    where d.account_id = $1 ${pageBy('d.id')}`,
});
export const sealedEvents = sealedOf('events', 'decisions', 'event_id');
export const sealedAppeals = sealedOf('appeals', 'appeals', 'id');
