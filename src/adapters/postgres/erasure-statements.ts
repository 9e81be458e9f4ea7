import { erasedBodyHash } from '../../decisions/same-body.js';
import { signalCatalogue } from '../../signals/catalogue.js';
import { auditText } from './audit-line.js';
import { auditRows, caseEntries, isAbout, isAuditAbout, itsCases, messagesOf } from './subject-rows.js';

const textArray = (texts: readonly string[]): string => `'{${texts.join(',')}}'::text[]`;

/** Signals that are stored as their keyed hash. */
const identifiers = textArray(signalCatalogue.filter(({ identifier }) => identifier).map(({ name }) => name));
const countries = textArray([
  'ip.country',
  'phone.country',
  'payment.country',
  'signup.country',
  'account.declared_country',
]);
const keyedHash = `'^k[0-9]+\\.[A-Za-z0-9_-]{24}$'`;

/**
 * SQL: the member `i` is a text, and may tell who it was. What it is called says which texts do not: a caller's own may look
 * like a hash or a country. An identifier in the clear is of before its signal was one.
 */
const mayTell = `jsonb_typeof(i.value) = 'string'
    and not (i.key = any(${identifiers}) and i.value #>> '{}' ~ ${keyedHash})
    and not (i.key = any(${countries}) and i.value #>> '{}' ~ '^[A-Z]{2}$')`;

/** An object without texts, but for hashed identifiers and countries. */
const withoutTexts = (object: string): string => `coalesce((
    select jsonb_object_agg(i.key, i.value) from jsonb_each(${object}) i where not (${mayTell})
  ), '{}'::jsonb)`;

/** SQL: the template in a trace is an older one, a digest without a key. */
const hasOpenTemplate = `trace->>'template' !~ ${keyedHash}`;
const closedTrace = `case when ${hasOpenTemplate} then trace - 'template' else trace end`;

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
     where d.account_id = $1 and exists (select 1 from jsonb_each(d.inputs) i where ${mayTell})
     returning 1`,
  ],
  [
    'event_digests',
    `with decided as (
        update decisions set body_hash = '${erasedBodyHash}', trace = ${closedTrace}
        where account_id = $1 and (body_hash <> '${erasedBodyHash}' or ${hasOpenTemplate}) returning 1
      ), shown as (
        update evidence_traces set trace = ${closedTrace} where account_id = $1 and ${hasOpenTemplate} returning 1
      )
      select 1 from decided union all select 1 from shown`,
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
     where a.subject = k.id and ${isAuditAbout('a')} and a.kind <> 'case.opened' and ${hasWords('a.detail')} returning a.seq, ${auditText('a')} as text`,
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
  [
    'case_entries',
    `select count(*) as count ${caseEntries}`,
    'what was done in its cases, and about it in those of rings; without what people wrote',
  ],
  [
    'appeals',
    'select count(*) as count from appeals where account_id = $1',
    'that there was one, and when; sealed, and nobody can open it any more',
  ],
  [
    'api_keys',
    'select count(*) as count from account_keys where account_id = $1',
    'the gate has to go on knowing whose keys they are',
  ],
  ['audit', `select count(*) as count ${auditRows}`, 'who did what; without what people wrote'],
  [
    'evidence_traces',
    'select count(*) as count from evidence_traces where account_id = $1',
    'which hashed evidence it shares with others; rings are made from it',
  ],
  [
    'batches',
    'select count(*) as count from access_batch_accounts where account_id = $1',
    'what was done with it as one of many, so that it can be taken back',
  ],
  [
    'rescores',
    'select count(*) as count from rescores where account_id = $1',
    'when it is judged again, until it is, at most a day by default',
  ],
  [
    'messages',
    `select count(*) as count from (${messagesOf.map((rows) => `select 1 ${rows}`).join(' union all ')}) m`,
    'what is told to other parts, as ids; goes a day after it was told',
  ],
  [
    'webhook_deliveries',
    `select count(*) as count from webhook_deliveries where payload->>'account_id' = $1`,
    'what webhooks told, as ids; goes 30 days after it was told',
  ],
  [
    'ring_memberships',
    'select count(*) as count from ring_members where account_id = $1',
    'which accounts share hashed identifiers, until the link runs out',
  ],
];

/** `$1` is what `identifiersOf` makes. The key is the same for every spelling; what an earlier version kept has its own. */
const isListed = `kind || ' ' || key = any($1::text[]) or kind || ' ' || lower(value) = any($1::text[])`;

export const listedSql = `select id, list, value, state, reason, added_at, expires_at from list_entries
  where ${isListed} order by id`;

/** `$2`: when, `$3`: who. */
export const unlistSql = `with gone as (
    delete from list_entries where ${isListed} returning id, list
  ),
  told as (
    insert into audit (at, actor, kind, subject, detail)
    select $2::timestamptz, $3, 'list.entry_removed', g.list, jsonb_build_object('entry_id', g.id, 'because', 'erasure')
    from gone g
  )
  select id from gone`;
