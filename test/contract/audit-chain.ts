import { beforeEach, expect, it } from '@jest/globals';
import { createAuditKey } from '../../src/adapters/crypto/audit-key.js';
import { createEventSealer } from '../../src/adapters/crypto/event-sealer.js';
import { SqlAuditChain } from '../../src/adapters/postgres/audit-chain.js';
import { SqlAuditSeal } from '../../src/adapters/postgres/audit-seal.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlSubjects } from '../../src/adapters/postgres/subjects.js';
import { type AuditHead, parseHead } from '../../src/audit/audit-chain.js';
import { verifyAudit } from '../../src/audit/verify-audit.js';

const key = createAuditKey('a pepper that whoever writes to the database does not have');
const now = Date.parse('2026-11-21T02:20:11.402Z');

/** The trail of one database, and what is done to it. */
export function auditOf(database: () => Database) {
  const seal = new SqlAuditSeal(database(), key, 4);
  return {
    async add(...subjects: string[]): Promise<void> {
      for (const subject of subjects)
        await database().query(
          `insert into audit (at, actor, kind, subject, detail) values ($1, 'key_1', 'account.released', $2, $3::jsonb)`,
          [new Date(now), subject, JSON.stringify({ reason: `why ${subject}`, n: 1.5, state: 'admitted' })],
        );
    },
    async sealAll(noted?: AuditHead): Promise<AuditHead | undefined> {
      for (;;) {
        const done = await seal.seal(noted);
        if (done.kind !== 'sealed') throw new Error(JSON.stringify(done));
        if (!done.more) return done.head;
      }
    },
    sealOnce: (noted?: AuditHead) => seal.seal(noted),
    verify: (noted?: AuditHead) =>
      verifyAudit(
        new SqlAuditChain(database()),
        key,
        noted === undefined ? [] : [{ from: 'a note elsewhere', head: noted }],
      ),
    sql: (text: string, parameters: readonly unknown[] = []) => database().query(text, parameters),
    subjects: () =>
      new SqlSubjects({
        database: database(),
        sealer: createEventSealer('any'),
        memory: {
          forget: async () => undefined,
          recall: async () => ({ kind: 'unavailable', reason: 'no test needs it' }),
        },
        ledger: { forget: async () => undefined },
        auditKey: key,
        onErased: () => undefined,
      }),
  };
}

export const emptyTrailSql = `truncate audit, audit_links restart identity; delete from meta where key = 'audit_head';
  delete from accounts;
  insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
  values ('b', 'admitted', 1, 'decision', now(), now())`;

export function auditChainContract(database: () => Database): void {
  let audit: ReturnType<typeof auditOf>;
  beforeEach(async () => {
    await database().script(emptyTrailSql);
    audit = auditOf(database);
  });
  const problems = async (noted?: AuditHead) =>
    (await audit.verify(noted)).problems.map(({ kind, seq }) => `${kind} ${seq}`);

  it('seals what has come, in pages, and finds nothing wrong with it', async () => {
    expect(await audit.verify()).toMatchObject({ ok: true, rows: 0, sealed: 0, head: null });
    await audit.add('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
    const head = await audit.sealAll();
    await audit.add('j', 'k');
    const report = await audit.verify(head);
    expect(report).toMatchObject({ ok: true, rows: 11, sealed: 9, unsealed: 2, erased: 0, problems: [] });
    expect(report.comparedWith).toEqual(['the database', 'a note elsewhere']);
    expect(parseHead(report.head ?? '')).toEqual(head && { count: 9, link: head.link });
    await audit.sealAll(head);
    expect(await audit.verify(head)).toMatchObject({ ok: true, rows: 11, sealed: 11, unsealed: 0 });
  });

  it('finds what was changed, whichever column', async () => {
    await audit.add('a', 'b', 'c', 'd', 'e');
    const head = await audit.sealAll();
    await audit.sql(`update audit set at = at + interval '1 microsecond' where seq = 1`);
    await audit.sql(`update audit set actor = 'key_2' where seq = 2`);
    await audit.sql(`update audit set kind = 'account.denied' where seq = 3`);
    await audit.sql(`update audit set subject = 'z' where seq = 4`);
    await audit.sql(`update audit set detail = detail || '{"n": 1.6}' where seq = 5`);
    expect(await problems(head)).toEqual(['changed 1', 'changed 2', 'changed 3', 'changed 4', 'changed 5']);
  });

  it('finds what was deleted, with its seal or without', async () => {
    await audit.add('a', 'b', 'c', 'd');
    const head = await audit.sealAll();
    await audit.sql('delete from audit where seq = 2');
    expect(await problems(head)).toEqual(['missing 2']);
    await audit.sql('delete from audit_links where seq = 2');
    expect(await problems(head)).toEqual(['link 3']);
  });

  it('finds rows that have changed places', async () => {
    await audit.add('a', 'b', 'c', 'd');
    const head = await audit.sealAll();
    await audit.sql(`update audit a set subject = b.subject, detail = b.detail from audit b
      where (a.seq = 2 and b.seq = 3) or (a.seq = 3 and b.seq = 2)`);
    expect((await audit.verify(head)).problems).toEqual([
      { seq: 2, kind: 'order', detail: 'it holds what was sealed as row 3' },
      { seq: 3, kind: 'order', detail: 'it holds what was sealed as row 2' },
    ]);
  });

  it('finds links that have changed places with their rows', async () => {
    await audit.add('a', 'b', 'c', 'd');
    await audit.sealAll();
    await audit.sql('update audit_links set count = 100 where count = 2');
    await audit.sql('update audit_links set count = 2 where count = 3');
    await audit.sql('update audit_links set count = 3 where count = 100');
    expect(await problems()).toEqual(expect.arrayContaining(['link 3', 'order 2', 'link 2', 'link 4']));
  });

  it('finds an end that was cut off rows and links, by the head beside them', async () => {
    await audit.add('a', 'b', 'c', 'd');
    await audit.sealAll();
    await audit.sql('delete from audit where seq > 2');
    await audit.sql('delete from audit_links where seq > 2');
    expect(await problems()).toEqual(['tail_cut null']);
    await audit.sql(`delete from meta where key = 'audit_head'`);
    expect(await problems()).toEqual(['head null']);
  });

  it('finds an end that was cut off everything in the database, by a head that was noted elsewhere', async () => {
    await audit.add('a', 'b');
    await audit.sealAll();
    const [earlier] = (await audit.sql(`select value from meta where key = 'audit_head'`)) as { value: string }[];
    await audit.add('c', 'd');
    const head = await audit.sealAll();
    await audit.sql('delete from audit where seq > 2');
    await audit.sql('delete from audit_links where seq > 2');
    await audit.sql(`update meta set value = $1 where key = 'audit_head'`, [earlier?.value]);
    expect(await problems()).toEqual([]);
    expect(await problems(head)).toEqual(['tail_cut null']);
    await audit.add('e');
    expect(await audit.sealOnce(head)).toMatchObject({ kind: 'broken' });
    await audit.sql(`truncate audit, audit_links`);
    await audit.sql(`delete from meta where key = 'audit_head'`);
    expect(await problems(head)).toEqual(['tail_cut null']);
  });

  it('looks at the end now and then also where nothing comes', async () => {
    await audit.add('a', 'b');
    const head = await audit.sealAll();
    await audit.sql('delete from audit_links where seq = 2');
    const kinds: string[] = [];
    while (kinds.length < 20) kinds.push((await audit.sealOnce(head)).kind);
    expect(kinds).toContain('broken');
  });

  it('carries no chain on that does not end where it should', async () => {
    await audit.add('a', 'b', 'c');
    await audit.sealAll();
    await audit.sql('delete from audit_links where seq > 1');
    await audit.add('d');
    expect(await audit.sealOnce()).toMatchObject({ kind: 'broken' });
  });

  it('finds seals that were made without the key, and a chain made anew with another', async () => {
    await audit.add('a', 'b', 'c');
    const head = await audit.sealAll();
    await audit.sql(`update audit set detail = '{}' where seq = 2`);
    await audit.sql(`update audit_links set digest = 'forged' where seq = 2`);
    expect(await problems(head)).toEqual(['link 2', 'changed 2']);
    await audit.sql('truncate audit_links');
    await audit.sql(`delete from meta where key = 'audit_head'`);
    const forger = new SqlAuditSeal(database(), createAuditKey('a pepper that was guessed'), 10);
    await forger.seal(undefined);
    expect(await problems()).toEqual(['link 1', 'link 2', 'link 3', 'changed 1', 'changed 2', 'changed 3']);
    expect(await problems(head)).toContain('head 3');
  });

  it('finds a row that was put between sealed ones', async () => {
    await audit.add('a', 'b', 'c');
    await audit.sql('delete from audit where seq = 2');
    const head = await audit.sealAll();
    await audit.sql(`insert into audit (seq, at, actor, kind, subject, detail) overriding system value
      values (2, now(), 'key_9', 'account.released', 'a', '{}')`);
    expect(await problems(head)).toEqual(['added 2']);
  });

  it('takes numbers that were given out and never used for no tampering', async () => {
    await audit.add('a');
    await database()
      .transaction(async (tx) => {
        await tx.query(`insert into audit (at, actor, kind, subject, detail) values (now(), 'x', 'x', 'x', '{}')`);
        throw new Error('taken back');
      })
      .catch(() => undefined);
    await audit.add('b');
    const head = await audit.sealAll();
    expect(await audit.verify(head)).toMatchObject({ ok: true, sealed: 2 });
  });

  it('still holds after an erasure, which tells of the rows that it changed', async () => {
    await audit.add('a', 'b', 'b');
    const head = await audit.sealAll();
    await audit.subjects().erase('b', { actor: 'key_privacy', now });
    const [row] = (await audit.sql(`select detail from audit where seq = 2`)) as { detail: object }[];
    expect(row?.detail).toEqual({ n: 1.5, state: 'admitted' });
    const erased = { ok: true, rows: 4, erased: 2, erasures: [{ by: 4, rows: 2 }], problems: [] };
    expect(await audit.verify(head)).toMatchObject({ ...erased, unsealed: 1 });
    await audit.sealAll(head);
    expect(await audit.verify(head)).toMatchObject({ ...erased, unsealed: 0 });
    const texts = JSON.stringify(await audit.sql('select * from audit, audit_links'));
    expect(texts).not.toContain('why b');
  });

  it('finds what was changed in a row after its erasure, and erasures that nobody with the key tells of', async () => {
    await audit.add('a', 'b');
    const head = await audit.sealAll();
    await audit.subjects().erase('b', { actor: 'key_privacy', now });
    await audit.sql(`update audit set actor = 'key_9' where seq = 2`);
    await audit.sql(`update audit set detail = '{}' where seq = 1`);
    const [{ digest } = { digest: '' }] = (await audit.sql('select digest from audit_links where seq = 1')) as {
      digest: string;
    }[];
    await audit.sql(
      `insert into audit (at, actor, kind, subject, detail) values (now(), 'x', 'subject.erased', 'a', $1::jsonb)`,
      [JSON.stringify({ audit_rows: { 1: digest, 2: digest } })],
    );
    expect(await problems(head)).toEqual(['changed 1', 'changed 2']);
  });

  it('seals a row that was erased before it could be sealed', async () => {
    await audit.add('b');
    await audit.subjects().erase('b', { actor: 'key_privacy', now });
    const head = await audit.sealAll();
    expect(await audit.verify(head)).toMatchObject({ ok: true, sealed: 2, erased: 0 });
  });
}
