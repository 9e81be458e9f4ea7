import { auditText } from './audit-line.js';

/** Texts that tell nobody who it was: everything else that is text may. */
const coarse = `'^(k[0-9]+\\.|[A-Z]{2}$)'`;

/** An object without texts, but for hashed identifiers and countries. */
const withoutTexts = (object: string): string => `coalesce((
    select jsonb_object_agg(i.key, i.value) from jsonb_each(${object}) i
    where jsonb_typeof(i.value) <> 'string' or i.value #>> '{}' ~ ${coarse}
  ), '{}'::jsonb)`;

/** Sources of labels that the service names itself: the case, or the batch, whose decision gave the label. */
const serviceSource = `'^case:(case|batch)_[0-9A-HJKMNP-TV-Z]{26}$'`;
/** Kinds of evidence that mean something here; any other is a word of the caller's. */
const knownEvidence = `'{phone,document,payment,email,business,device}'::text[]`;

/** A label's source is whatever its caller wrote. */
const hasSource = (detail: string): string => `${detail}->>'source' !~ ${serviceSource}`;
/** What people and programs wrote, wherever it stands. */
const hasWords = (detail: string): string =>
  `(${detail} ?| '{reason,note,text,message,why}' or coalesce(${hasSource(detail)}, false))`;
const withoutWords = (detail: string): string => `${detail} - '{reason,note,text,message,why}'::text[]
  - case when ${hasSource(detail)} then 'source' else '' end`;

/** The reason with which a case was opened is its code, which stays; older cases that a person opened hold that person's. */
const openedWithoutWords = (detail: string): string =>
  `${withoutWords(detail)} || jsonb_build_object('reason', c.reason)`;

const ownCases = 'select c.id from cases c where c.account_id = $1';
/**
 * Where something may stand about the account: in its own cases, and in those of rings, of which only what names it. They
 * are joined, so that each is looked up: an OR over both would read the whole table while the account's row is locked.
 */
const itsCases = `select c.id, true as is_own from cases c where c.account_id = $1
  union all select m.case_id, false from case_accounts m where m.account_id = $1`;
const isAbout = (detail: string): string => `(k.is_own or ${detail}->>'account_id' = $1)`;

/** What an erasure does, by what it is called; `$1` is the account. Each counts what it changed, the same again nothing. */
export const erasures: readonly (readonly [what: string, sql: string])[] = [
  ['sealed_texts', 'delete from envelope_salts where account_id = $1 returning 1'],
  [
    'decision_inputs',
    `update decisions d set inputs = ${withoutTexts('d.inputs')}, answer = jsonb_set(d.answer, '{reasons}', coalesce((
        select jsonb_agg(r.value || jsonb_build_object('title', r.value->>'rule',
          'evidence', ${withoutTexts(`coalesce(r.value->'evidence', '{}'::jsonb)`)}) order by r.place)
        from jsonb_array_elements(d.answer->'reasons') with ordinality r (value, place)
      ), '[]'::jsonb))
     where d.account_id = $1 and exists (
       select 1 from jsonb_each(d.inputs) i
       where jsonb_typeof(i.value) = 'string' and i.value #>> '{}' !~ ${coarse})
     returning 1`,
  ],
  [
    'case_summaries',
    `update cases set title = null, email_domain = null
     where account_id = $1 and (title is not null or email_domain is not null) returning 1`,
  ],
  [
    'notes',
    `update case_entries e set detail = ${withoutWords('e.detail')} from (${itsCases}) k
     where e.case_id = k.id and ${isAbout('e.detail')} and e.kind <> 'opened' and ${hasWords('e.detail')} returning 1`,
  ],
  [
    'opening_words',
    `update case_entries e set detail = ${openedWithoutWords('e.detail')} from cases c
     where c.account_id = $1 and e.case_id = c.id and e.kind = 'opened'
       and e.detail <> ${openedWithoutWords('e.detail')} returning 1`,
  ],
  [
    'label_sources',
    `update labels set source = 'erased' where account_id = $1 and source <> 'erased' and source !~ ${serviceSource}
     returning 1`,
  ],
  [
    'outbox_texts',
    `update outbox o set payload = o.payload || '{"source":"erased"}'
     where o.subject = $1 and o.kind = 'label_recorded' and o.payload->>'source' <> 'erased'
       and o.payload->>'source' !~ ${serviceSource} returning 1`,
  ],
  [
    'evidence_kinds',
    `update verifications v set evidence = (
        select coalesce(jsonb_object_agg(e.key, e.value), '{}'::jsonb) from jsonb_each(v.evidence) e
        where e.key = any(${knownEvidence}))
     where v.account_id = $1 and exists (
       select 1 from jsonb_object_keys(v.evidence) k where k <> all(${knownEvidence})) returning 1`,
  ],
  ['email_codes', 'delete from email_codes where account_id = $1 returning 1'],
  ['provider_links', 'delete from provider_links where account_id = $1 returning 1'],
];

/** The same for the audit trail: the rows as they are now, of which the erasure tells so that their seals still hold. */
export const auditErasures: typeof erasures = [
  [
    'audit_texts',
    `update audit a set detail = ${withoutWords('a.detail')}
     from (select $1::text as id, true as is_own union all ${itsCases}) k
     where a.subject = k.id and ${isAbout('a.detail')} and a.kind <> 'case.opened' and ${hasWords('a.detail')} returning a.seq, ${auditText('a')} as text`,
  ],
  [
    'audited_openings',
    `update audit a set detail = ${openedWithoutWords('a.detail')} from cases c
     where c.account_id = $1 and a.subject = c.id and a.kind = 'case.opened'
       and a.detail <> ${openedWithoutWords('a.detail')} returning a.seq, ${auditText('a')} as text`,
  ],
];

/** What stays, and why; `$1` is the account. */
export const remains: readonly (readonly [what: string, sql: string, why: string])[] = [
  [
    'access',
    'select count(*) as count from accounts where account_id = $1',
    'the gate has to go on knowing whether the account may pass',
  ],
  [
    'decisions',
    'select count(*) as count from decisions where account_id = $1',
    'proof of what was decided; under the account id, identifiers hashed, texts taken out',
  ],
  [
    'cases',
    'select count(*) as count from cases where account_id = $1',
    'proof of who decided what; without what reviewers wrote',
  ],
  [
    'labels',
    'select count(*) as count from labels where account_id = $1',
    'what is known of fraud, under the account id, keeps counting against repeats',
  ],
  [
    'verifications',
    'select count(*) as count from verifications where account_id = $1',
    'methods and results; evidence is hashed',
  ],
  ['audit', 'select count(*) as count from audit where subject = $1', 'who did what; without what people wrote'],
  [
    'ring_memberships',
    'select count(*) as count from ring_members where account_id = $1',
    'which accounts share hashed identifiers, until the link runs out',
  ],
];

/** Sections of an export; `$1` is the account. */
export const sections: readonly (readonly [name: string, sql: string])[] = [
  ['access', 'select * from accounts where account_id = $1'],
  ['api_keys', 'select * from account_keys where account_id = $1 order by announced_at'],
  [
    'decisions',
    `select id, event_id, type, occurred_at, decided_at, outcome, score, answer, inputs from decisions
     where account_id = $1 order by id limit 10000`,
  ],
  ['cases', 'select * from cases where account_id = $1 order by id'],
  ['case_entries', `select * from case_entries where case_id in (${ownCases}) order by id`],
  ['ring_cases', 'select * from case_accounts where account_id = $1'],
  ['verifications', 'select * from verifications where account_id = $1 order by requested_at'],
  ['provider_links', 'select method, given_at from provider_links where account_id = $1'],
  ['labels', 'select * from labels where account_id = $1 order by id'],
  ['ring_memberships', 'select * from ring_members where account_id = $1'],
  ['audit', 'select * from audit where subject = $1 order by seq limit 10000'],
];

export const knownSql = `select 1 from accounts where account_id = $1
  union all select 1 from envelope_salts where account_id = $1 limit 1`;

/** Events and appeals, in the order of their writing. */
export const sealedSql = `select s.event_id as id, s.salt, coalesce(d.sealed, a.sealed) as sealed, d.id is not null as is_event
  from envelope_salts s
  left join decisions d on d.event_id = s.event_id
  left join appeals a on a.id = s.event_id
  where s.account_id = $1 and s.event_id > $2 and coalesce(d.sealed, a.sealed) is not null
  order by s.event_id limit 500`;

/** `$1` texts of identifiers, lower case. */
export const listedSql = `with gone as (delete from list_entries where lower(value) = any($1::text[]) returning id, list),
  told as (
    insert into audit (at, actor, kind, subject, detail)
    select $2::timestamptz, $3, 'list.entry_removed', g.list, jsonb_build_object('entry_id', g.id, 'because', 'erasure')
    from gone g
  )
  select id from gone`;
