import { beforeEach, describe, expect, it } from '@jest/globals';
import { useOnePostgres, usePglite } from '../support/test-databases.js';
import { auditChainContract, auditOf, emptyTrailSql } from './audit-chain.js';

describe('The audit chain, on PGlite', () => auditChainContract(usePglite()));

describe('The audit chain, on PostgreSQL', () => {
  const database = useOnePostgres();
  auditChainContract(database);

  const insertSql = `insert into audit (at, actor, kind, subject, detail) values (now(), 'x', 'x', $1, '{}')`;

  describe('while transactions commit in any order', () => {
    beforeEach(() => database().script(emptyTrailSql));

    it('waits for one that has an earlier number and commits later', async () => {
      const audit = auditOf(database);
      await audit.add('first');
      await database().transaction(async (tx) => {
        await tx.query(insertSql, ['early']);
        await audit.add('late');
        expect(await audit.sealOnce()).toMatchObject({ kind: 'sealed', head: undefined, unsealed: 3 });
        expect(await audit.sealOnce()).toMatchObject({ kind: 'sealed', head: undefined });
      });
      const head = await audit.sealAll();
      expect(await audit.verify(head)).toMatchObject({ ok: true, sealed: 3, unsealed: 0 });
    });

    it('waits no longer than those take that were there when it looked', async () => {
      const audit = auditOf(database);
      await audit.add('first');
      const [first, second] = [hold(), hold()];
      const one = database().transaction(async (tx) => {
        await tx.query(insertSql, ['one']);
        await first.told;
      });
      await busy(1);
      await audit.sealOnce();
      const two = database().transaction(async (tx) => {
        await tx.query(insertSql, ['two']);
        await second.told;
      });
      await busy(2);
      first.tell();
      await one;
      await audit.sealOnce();
      expect(await audit.verify()).toMatchObject({ ok: true, sealed: 2, unsealed: 0 });
      second.tell();
      await two;
      const head = await audit.sealAll();
      expect(await audit.verify(head)).toMatchObject({ ok: true, sealed: 3 });
    });

    it('seals each row once while many write and several seal', async () => {
      const names = Array.from({ length: 160 }, (_none, index) => `s${index}`);
      let isWriting = true;
      const write = (name: string, index: number): Promise<void> =>
        database().transaction(async (tx) => {
          await tx.query(insertSql, [name]);
          await tx.query('select pg_sleep($1)', [((index * 37) % 11) / 1000]);
          if (index % 9 === 0) throw new Error('taken back');
        });
      const writers = Promise.all(
        Array.from({ length: 8 }, async (_none, writer) => {
          for (let i = writer; i < names.length; i += 8) await write(names[i] ?? '', i).catch(() => undefined);
        }),
      ).finally(() => {
        isWriting = false;
      });
      const sealing = Array.from({ length: 3 }, async () => {
        const audit = auditOf(database);
        while (isWriting) {
          const done = await audit.sealOnce();
          expect(done.kind).not.toBe('broken');
          expect((await audit.verify()).problems).toEqual([]);
        }
      });
      await Promise.all([writers, ...sealing]);
      const audit = auditOf(database);
      const head = await audit.sealAll();
      const written = names.filter((_name, index) => index % 9 !== 0).length;
      expect(await audit.verify(head)).toMatchObject({ ok: true, sealed: written, unsealed: 0, rows: written });
    }, 60_000);
  });

  /** Until so many transactions hold rows that they have not committed. */
  async function busy(count: number): Promise<void> {
    for (;;) {
      const rows = await database().query(
        `select 1 from pg_locks where relation = 'audit'::regclass and mode = 'RowExclusiveLock'`,
      );
      if (rows.length >= count) return;
    }
  }
});

function hold(): { readonly told: Promise<void>; tell(): void } {
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { told, tell: () => tell() };
}
