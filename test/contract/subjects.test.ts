import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { migrate, readMigrations } from '../../src/adapters/postgres/migrate.js';
import { identifiersOf } from '../../src/adapters/postgres/subject-identifiers.js';
import { SqlSubjects } from '../../src/adapters/postgres/subjects.js';
import { keyOf } from '../../src/evaluate/list-desk.js';
import { subjectJson } from '../../src/http/subject-json.js';
import { useOnePostgres, usePglite } from '../support/test-databases.js';

const by = { actor: 'key_1', now: Date.parse('2026-05-01T12:00:00.000Z') };
const hash = `k1.${'h'.repeat(24)}`;
/** Base64url SHA-256, as bodies were hashed before. */
const digest = 'd'.repeat(43);

const insertDecision = `insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome,
    score, answer, inputs, sealed, trace)
  values ('dec_' || $1, 'evt_' || $1, $2, $1, 'signup', now(), now(), 'hold', 80, jsonb_build_object('reasons',
    jsonb_build_array(jsonb_build_object('rule', 'burned', 'title', 'a title', 'evidence', $3::jsonb))), $3::jsonb, 'x', $4::jsonb)`;

async function addAccount(
  database: Database,
  accountId: string,
  { inputs = {}, trace = null }: { inputs?: object; trace?: object | null } = {},
): Promise<void> {
  await database.query(
    `insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
     values ($1, 'held', 1, 'decision', now(), now())`,
    [accountId],
  );
  await database.query("insert into envelope_salts (event_id, account_id, salt) values ('evt_' || $1, $1, 's')", [
    accountId,
  ]);
  const texts = [inputs, trace].map((value) => (value === null ? null : JSON.stringify(value)));
  await database.query(insertDecision, [accountId, digest, ...texts]);
}

interface Left {
  body_hash: string;
  inputs: object;
  evidence: object;
  trace: object | null;
}
const leftOf = async (database: Database, accountId: string) => {
  const sql = `select body_hash, inputs, answer->'reasons'->0->'evidence' as evidence, trace from decisions where account_id = $1`;
  return (await database.query<Left>(sql, [accountId]))[0];
};

describe.each([
  ['PostgreSQL', () => useOnePostgres(2)],
  ['PGlite', usePglite],
])('what is stored about an account, on %s', (_name, open: () => () => Database) => {
  const opened = open();
  let database: Database;
  let subjects: SqlSubjects;
  let forgotten: readonly string[] = [];
  beforeAll(() => {
    database = opened();
    subjects = new SqlSubjects({
      database,
      sealer: { open: () => undefined },
      memory: { forget: async () => undefined, recall: async () => ({ kind: 'nothing' }) },
      ledger: {
        async forget(eventIds) {
          forgotten = eventIds;
        },
      },
      auditKey: { erased: () => 'mark' },
      onErased: () => undefined,
    });
  });

  const exported = async (accountId: string) => {
    const record = await subjects.export(accountId, by);
    if (record === undefined) throw new Error('nothing is known of it');
    let text = '';
    for await (const piece of subjectJson(record, '2026-05-01T12:00:00.000Z')) text += piece;
    return JSON.parse(text);
  };

  it('loses every text but hashed identifiers and countries, and what a caller made to look like them', async () => {
    const kept = { 'ip.address': hash, 'payment.country': 'DE', 'ip.asn': 64500, 'email.is_free': true };
    const inputs = {
      ...kept,
      'account.organization': hash,
      'account.plan': 'BO',
      'account.referrer': 'k1.zqReferrer',
      'phone.prefix': '+44791112',
      'ip.country': 'Bolivia',
    };
    await addAccount(database, 'acct_texts', { inputs });
    await subjects.erase('acct_texts', by);
    expect(await leftOf(database, 'acct_texts')).toMatchObject({ inputs: kept, evidence: kept });
  });

  it('loses digests that can be guessed back, and keeps those with a key', async () => {
    const links = [{ link: 'card', key: `l-${hash}` }];
    await addAccount(database, 'acct_old', { trace: { links, template: 'AbCdEfGh01234567' } });
    await addAccount(database, 'acct_new', { trace: { links, template: hash } });
    await database.query(
      `insert into evidence_traces (id, account_id, at, trace)
       values ('ver_old', 'acct_old', now(), '{"links": [], "template": "AbCdEfGh01234567"}')`,
    );
    await subjects.erase('acct_old', by);
    await subjects.erase('acct_new', by);
    expect(await leftOf(database, 'acct_old')).toMatchObject({ body_hash: 'erased', trace: { links } });
    expect((await leftOf(database, 'acct_old'))?.trace).not.toHaveProperty('template');
    expect(await leftOf(database, 'acct_new')).toMatchObject({ body_hash: 'erased', trace: { links, template: hash } });
    expect(await database.query("select trace from evidence_traces where id = 'ver_old'")).toEqual([
      { trace: { links: [] } },
    ]);
    const again = await subjects.erase('acct_old', by);
    expect(again?.erased).toContainEqual({ what: 'event_digests', count: 0 });
  });

  it('is not what was done with a list that is called like the account', async () => {
    await addAccount(database, 'vpn');
    await database.query(`insert into audit (at, actor, kind, subject, detail) values
      (now(), 'key_1', 'list.entry_added', 'vpn', '{"reason":"seen in a campaign"}'),
      (now(), 'key_1', 'access.changed', 'vpn', '{"reason":"they called"}')`);
    const rows = (await exported('vpn')).audit.map(({ kind }: { kind: string }) => kind);
    expect(rows.filter((kind: string) => kind !== 'subject.exported')).toEqual(['access.changed']);
    await subjects.erase('vpn', by);
    const left = await database.query(
      `select kind, detail from audit where subject = 'vpn' and kind not like 'subject.%' order by seq`,
    );
    expect(left).toEqual([
      { kind: 'list.entry_added', detail: { reason: 'seen in a campaign' } },
      { kind: 'access.changed', detail: {} },
    ]);
  });

  it('is forgotten too where it is known that its events were decided, at every erasure', async () => {
    await addAccount(database, 'acct_ledger');
    await addAccount(database, 'acct_other');
    for (let time = 0; time < 2; time++) {
      forgotten = [];
      await subjects.erase('acct_ledger', by);
      expect(forgotten).toEqual(['evt_acct_ledger']);
    }
  });

  it('is exported from wherever it stands, that of rings and messages too, and an erasure names all that it keeps', async () => {
    await addAccount(database, 'acct_all', { trace: { links: [], prefix: hash } });
    await database.transaction((tx) =>
      tx.script(`
      insert into cases (id, account_id, state, priority, score, reason, opened_at, due_at)
        values ('case_own', 'acct_all', 'decided', 60, 60, 'payment.reused', now(), now()),
          ('case_first', 'acct_all', 'decided', 60, 60, 'payment.reused', now(), now());
      insert into case_accounts (case_id, account_id, joined_at)
        values ('case_ring', 'acct_all', now()), ('case_ring', 'acct_neighbour', now());
      insert into case_entries (case_id, at, actor, kind, detail) values
        ('case_own', now(), 'key_1', 'claimed', '{}'),
        ('case_ring', now(), 'key_1', 'joined', '{"account_id": "acct_all"}'),
        ('case_ring', now(), 'key_1', 'joined', '{"account_id": "acct_neighbour"}'),
        ('case_first', now(), 'key_1', 'opened', '{}'),
        ('case_first', now(), 'key_1', 'appealed', '{"account_id": "acct_neighbour"}');
      insert into audit (at, actor, kind, subject, detail) values
        (now(), 'key_1', 'account.held', 'acct_all', '{}'),
        (now(), 'key_1', 'case.claimed', 'case_own', '{}'),
        (now(), 'key_1', 'case.joined', 'case_ring', '{"account_id": "acct_all"}'),
        (now(), 'key_1', 'case.joined', 'case_ring', '{"account_id": "acct_neighbour"}');
      insert into evidence_traces (id, account_id, at, trace) values ('ver_all', 'acct_all', now(), '{"links": []}');
      insert into access_batch_accounts (batch_id, account_id, joined_at) values ('batch_1', 'acct_all', now());
      insert into outbox (kind, subject, payload, done_at) values
        ('access_changed', 'acct_all', '{"account_id": "acct_all"}', null),
        ('decision_created', 'dec_acct_all', '{"account_id": "acct_all"}', null),
        ('case_opened', 'case_own', '{"account_id": "acct_all"}', now()),
        ('case_opened', 'case_other', '{"account_id": "acct_neighbour"}', now());
      insert into webhook_endpoints (id, url, description, events, secret, created_at, created_by)
        values ('we_1', 'https://hooks.example', '', '{}', 'x', now(), 'key_1');
      insert into webhook_deliveries (id, endpoint_id, message_id, event, payload, created_at)
        values ('wd_1', 'we_1', 'evt_1', 'case.opened', '{"account_id": "acct_all"}', now());
      insert into email_codes (account_id, code_hash, expires_at) values ('acct_all', 'hash_of_code', now());
      insert into appeals (id, account_id, sealed, appealed_at) values ('appeal_1', 'acct_all', 'x', now());
      insert into rescores (account_id, due_at, not_before) values ('acct_all', now(), now());
    `),
    );
    const counts = {
      case_entries: 3,
      evidence_traces: 1,
      batches: 1,
      messages: 3,
      webhook_deliveries: 1,
      rescores: 1,
    };
    const record = await exported('acct_all');
    const lengths = Object.entries(record).flatMap(([name, rows]) =>
      Array.isArray(rows) ? [[name, rows.length]] : [],
    );
    expect(Object.fromEntries(lengths)).toMatchObject({ ...counts, audit: 4, appeal_records: 1, email_codes: 1 });
    expect(record.decisions[0].trace).toEqual({ links: [], prefix: hash });
    expect(JSON.stringify(record)).not.toMatch(/acct_neighbour|hash_of_code/);
    const erasure = await subjects.erase('acct_all', by);
    const kept = Object.fromEntries(erasure?.kept.map(({ what, count }) => [what, count]) ?? []);
    expect(kept).toMatchObject({ ...counts, access: 1, decisions: 1, cases: 2, appeals: 1 });
  });
});

describe.each([
  ['PostgreSQL', () => useOnePostgres(2)],
  ['PGlite', usePglite],
])('an account with 10,101 events, on %s', (_name, open: () => () => Database) => {
  const events = 10_101;
  const seed = `
    insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
      values ('acct_long', 'admitted', 1, 'decision', now(), now());
    insert into envelope_salts (event_id, account_id, salt)
      select 'evt_' || i, 'acct_long', 's' from generate_series(1, ${events}) i;
    insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer, inputs,
        sealed)
      select 'dec_' || lpad(i::text, 6, '0'), 'evt_' || i, 'h', 'acct_long', 'api_key_used', now(), now(), 'allow', 0,
        '{"reasons":[]}', '{}', json_build_object('event_id', 'evt_' || i, 'ip', '203.0.113.' || i % 250)
      from generate_series(1, ${events}) i;
    insert into audit (at, actor, kind, subject, detail)
      select now(), 'system', 'decision.recorded', 'acct_long', '{}' from generate_series(1, ${events}) i;
    insert into case_accounts (case_id, account_id, joined_at)
      select 'case_' || i, 'acct_long', now() from generate_series(1, 300) i;
    insert into case_entries (case_id, at, actor, kind, detail)
      select 'case_' || i % 300 + 1, now(), 'key_1', 'joined', jsonb_build_object('account_id', 'acct_long')
      from generate_series(1, 1000) i;
    insert into outbox (kind, subject, payload, done_at)
      select 'decision_created', 'dec_' || i, '{"account_id": "acct_long"}', case when i % 2 = 0 then now() end
      from generate_series(1, 1000) i;
    insert into webhook_endpoints (id, url, description, events, secret, created_at, created_by)
      values ('we_long', 'https://hooks.example', '', '{}', 'x', now(), 'key_1');
    insert into webhook_deliveries (id, endpoint_id, message_id, event, payload, created_at)
      select 'wd_long_' || i, 'we_long', 'evt_' || i, 'decision.created', '{"account_id": "acct_long"}', now()
      from generate_series(1, 1000) i;
    insert into list_entries (id, list, key, value, kind, reason, added_by, added_at, state)
      select 'entry_' || i, 'burned', '203.0.113.' || i || '/32', '203.0.113.' || i, 'cidr', 'burned', 'key_1', now(), 'active'
      from generate_series(1, 2) i;`;
  const opened = open();
  const longest: number[] = [];
  let record: Awaited<ReturnType<SqlSubjects['export']>>;
  let subjects: SqlSubjects;
  beforeAll(async () => {
    const database = opened();
    await database.transaction((tx) => tx.script(seed));
    subjects = new SqlSubjects({
      database,
      sealer: { open: (_salt, sealed) => sealed },
      memory: { forget: async () => undefined, recall: async () => ({ kind: 'nothing' }) },
      ledger: { forget: async () => undefined },
      auditKey: { erased: () => 'mark' },
      onErased: () => undefined,
    });
    record = await subjects.export('acct_long', by);
  }, 60_000);

  it('is exported whole, each row once, a few hundred at a time', async () => {
    const found: Record<string, unknown[]> = {};
    for (const { name, pages } of record?.sections ?? []) {
      found[name] = [];
      for await (const rows of pages) {
        longest.push(rows.length);
        found[name].push(...rows);
      }
    }
    const counts = Object.fromEntries(Object.entries(found).map(([name, rows]) => [name, rows.length]));
    expect(counts).toMatchObject({
      events,
      decisions: events,
      audit: events + 1,
      ring_cases: 300,
      case_entries: 1000,
      messages: 1000,
      webhook_deliveries: 1000,
      list_entries: 2,
    });
    for (const rows of Object.values(found))
      expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(200);
  }, 60_000);

  it('loses with an erasure what lists hold of its last events too', async () => {
    const database = opened();
    const last = `{"event_id":"evt_last","ip":"::ffff:198.51.100.9"}`;
    await database.query(`update decisions set sealed = $1 where id = 'dec_010101'`, [last]);
    await database.query(
      `insert into list_entries (id, list, key, value, kind, reason, added_by, added_at, state)
       values ('entry_last', 'burned', '198.51.100.9/32', '198.51.100.9', 'cidr', 'burned', 'key_1', now(), 'active')`,
    );
    const erasure = await subjects.erase('acct_long', by);
    expect(erasure?.erased).toContainEqual({ what: 'list_entries', count: 3 });
  }, 60_000);
});

describe.each([
  ['an address as a server with two stacks sends it', { ip: '::ffff:198.51.100.7' }, ['cidr', '198.51.100.7']],
  ['an address in hexadecimal', { ip: '::ffff:c633:640b' }, ['cidr', '198.51.100.11']],
  ['an address with all its zeros', { ip: '2001:0DB8:0:0:0:0:0:11' }, ['cidr', '2001:db8::11']],
  ['an address as a range', { ip: '2001:DB8:0::14' }, ['cidr', '2001:db8::14/128']],
  ['an address in a list of values', { ip: '::ffff:198.51.100.7' }, ['value', '198.51.100.7']],
  ['a mailbox with dots', { email: { address: 'john.doe@googlemail.com' } }, ['value', 'johndoe@gmail.com']],
  [
    'a mailbox under a domain in its own script',
    { email: { address: 'a+b@bücher.example' } },
    ['value', 'a@bücher.example'],
  ],
  ['a phone', { phone: { number: '+44 (0)7911 123457' } }, ['value', '+447911123457']],
  ['a short fingerprint', { device: { fingerprint: 'AB1' } }, ['value', 'ab1']],
  ['a fingerprint in letters of double width', { device: { fingerprint: ' ｆp_1\u200b' } }, ['value', 'ｆp_1']],
  ['a card', { payment: { fingerprint: 'Ca_ÀBC' } }, ['value', 'ca_àbc']],
] as const)('%s, spelled otherwise in a list', (_what, event, [kind, value]) => {
  it('is exported and erased with the account', () => {
    expect(identifiersOf(event)).toContain(`${kind} ${keyOf(value, kind)}`);
  });
});

describe('what an erasure leaves in lists', () => {
  it('are networks and systems, whatever a fingerprint is called', () => {
    const named = identifiersOf({
      ip: '',
      device: { fingerprint: 'AS64500' },
      payment: { fingerprint: '203.0.113.0/24' },
    });
    expect(named).toEqual(['value as64500', 'value 203.0.113.0/24']);
  });
});

describe('an account that was erased by an older version', () => {
  it('loses what an erasure takes with it now, and its later events keep theirs', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'portcullis-erased-'));
    const database = await openPglite(dir);
    try {
      // A new folder begins with today's schema.
      await database.script('drop schema public cascade; create schema public');
      const older = (await readMigrations()).filter(({ name }) => name < '0025');
      await migrate(database, older);
      for (const id of ['acct_erased', 'acct_other'])
        await addAccount(database, id, { trace: { links: [], template: 'AbCdEfGh01234567' } });
      await database.query("delete from envelope_salts where account_id = 'acct_erased'");
      await database.query(
        `insert into audit (at, actor, kind, subject, detail) values (now(), 'key_1', 'subject.erased', 'acct_erased', '{}')`,
      );
      await migrate(database);
      expect(await leftOf(database, 'acct_erased')).toMatchObject({ body_hash: 'erased', trace: { links: [] } });
      expect((await leftOf(database, 'acct_erased'))?.trace).not.toHaveProperty('template');
      expect(await leftOf(database, 'acct_other')).toMatchObject({ body_hash: digest });
    } finally {
      await database.close();
      await rm(dir, { recursive: true, force: true });
    }
  }, 60_000);
});
