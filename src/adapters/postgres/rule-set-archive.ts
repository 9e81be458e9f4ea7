import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ListActor } from '../../lists/list-entries.js';
import { type Instant, toIso } from '../../model/time.js';
import {
  type ArchivedRuleSet,
  type ForgottenRuleSets,
  forgetsBefore,
  type KeptRuleSet,
  type RuleSetArchive,
} from '../../ruleset/rule-set-archive.js';
import type { Database } from './database.js';
import { longTextDigest, packedText } from './packed-text.js';

const expand = promisify(gunzip);

const useSql = `update rule_sets set first_used_at = least(first_used_at, $2::timestamptz),
  last_used_at = greatest(last_used_at, $2::timestamptz) where hash = $1 returning hash`;

const missingSql = `select t.digest from unnest($1::text[]) t(digest)
  where not exists (select 1 from rule_files f where f.digest = t.digest)`;

const addFileSql = `insert into rule_files (digest, content) values ($1, decode($2, 'base64'))
  on conflict (digest) do nothing`;

const keepSql = `insert into rule_sets (hash, version, files, first_used_at, last_used_at)
  values ($1, $2, $3::jsonb, $4, $4) on conflict (hash) do update set
    first_used_at = least(rule_sets.first_used_at, excluded.first_used_at),
    last_used_at = greatest(rule_sets.last_used_at, excluded.last_used_at)`;

const filesSql = `select digest, encode(content, 'base64') as content from rule_files where digest = any($1::text[])`;

interface DigestedText {
  readonly path: string;
  readonly text: string;
  readonly digest: string;
}

interface SetRow {
  version: string;
  files: Record<string, string>;
  first_used_at: Date;
  last_used_at: Date;
}

/** Whoever says that a set is in use waits until this is done, and then keeps it anew. */
const lockSql = 'lock table rule_sets in exclusive mode';
/** All parts of the statement see the sets as they were. */
const forgetSql = `with gone as (delete from rule_sets where last_used_at < $1::timestamptz returning hash, files),
  texts as (
    delete from rule_files f
    where f.digest in (select t.value from gone g cross join lateral jsonb_each_text(g.files) t)
      and f.digest not in (
        select t.value from rule_sets s cross join lateral jsonb_each_text(s.files) t
        where s.last_used_at >= $1::timestamptz)
    returning 1
  ),
  told as (
    insert into audit (at, actor, kind, subject, detail)
    select $2::timestamptz, $3, 'ruleset.forgotten', g.hash, '{}' from gone g
  )
  select (select count(*) from gone) as sets, (select count(*) from texts) as files`;

/** Rule sets in SQL, on PostgreSQL and PGlite alike. Files are added before the set that names them. */
export class SqlRuleSetArchive implements RuleSetArchive {
  /** Of the last set: most files are the same in the next one. */
  private known: ReadonlyMap<string, DigestedText> = new Map();

  constructor(private readonly database: Database) {}

  async use(hash: string, at: Instant): Promise<boolean> {
    return (await this.database.query(useSql, [hash, toIso(at)])).length > 0;
  }

  async keep({ hash, version, files }: KeptRuleSet, at: Instant): Promise<void> {
    const digested = await Promise.all([...files].map(([path, text]) => this.digested(path, text)));
    this.known = new Map(digested.map((one) => [one.path, one]));
    const texts = new Map(digested.map(({ digest, text }) => [digest, text]));
    await this.addMissing(texts);
    const digests = Object.fromEntries(digested.map(({ path, digest }) => [path, digest]));
    await this.database.query(keepSql, [hash, version, JSON.stringify(digests), toIso(at)]);
    // What it shared with a set that was forgotten meanwhile is gone; nobody forgets it from now on.
    await this.addMissing(texts);
  }

  async byHash(hash: string): Promise<ArchivedRuleSet | undefined> {
    const sql = 'select version, files, first_used_at, last_used_at from rule_sets where hash = $1';
    const [row] = await this.database.query<SetRow>(sql, [hash]);
    if (row === undefined) return undefined;
    const texts = await this.textsOf([...new Set(Object.values(row.files))]);
    const files = Object.entries(row.files).map(([path, digest]): [string, string] => [path, texts.get(digest) ?? '']);
    return {
      hash,
      version: row.version,
      files: new Map(files),
      firstUsedAt: row.first_used_at.getTime(),
      lastUsedAt: row.last_used_at.getTime(),
    };
  }

  async forget(unusedSince: Instant, { actor, now }: ListActor): Promise<ForgottenRuleSets> {
    const parameters = [toIso(forgetsBefore(unusedSince, now)), toIso(now), actor];
    const [row] = await this.database.transaction(async (tx) => {
      await tx.query(lockSql);
      return tx.query<{ sets: number; files: number }>(forgetSql, parameters);
    });
    return { ruleSets: Number(row?.sets ?? 0), files: Number(row?.files ?? 0) };
  }

  private async addMissing(texts: ReadonlyMap<string, string>): Promise<void> {
    const missing = await this.database.query<{ digest: string }>(missingSql, [[...texts.keys()]]);
    await Promise.all(missing.map(({ digest }) => this.addFile(digest, texts.get(digest) ?? '')));
  }

  private async digested(path: string, text: string): Promise<DigestedText> {
    const known = this.known.get(path);
    return known?.text === text ? known : { path, text, digest: await longTextDigest(text) };
  }

  private async addFile(digest: string, text: string): Promise<void> {
    await this.database.query(addFileSql, [digest, await packedText(text)]);
  }

  private async textsOf(digests: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<{ digest: string; content: string }>(filesSql, [digests]);
    const read = rows.map(async ({ digest, content }): Promise<[string, string]> => {
      const text = await expand(Buffer.from(content, 'base64'));
      return [digest, text.toString('utf8')];
    });
    return new Map(await Promise.all(read));
  }
}
