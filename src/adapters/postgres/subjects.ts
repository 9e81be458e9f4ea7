import type {
  ErasedPart,
  Erasure,
  KeptPart,
  SubjectRecord,
  SubjectSection,
  Subjects,
} from '../../accounts/subjects.js';
import type { AuditKey, AuditLine } from '../../audit/audit-chain.js';
import type { AccountMemory } from '../../evaluate/account-memory.js';
import type { EventSealer } from '../../evaluate/evaluator-ports.js';
import type { ListActor } from '../../lists/list-entries.js';
import type { Instant } from '../../model/time.js';
import type { Database, Queryable } from './database.js';
import { auditErasures, erasures, listedSql, remains, unlistSql } from './erasure-statements.js';
import { pageRows, type SectionStatement, sealedAppeals, sealedEvents, sections } from './export-statements.js';
import { identifiersOf } from './subject-identifiers.js';
import { knownSql } from './subject-rows.js';

interface SubjectsPorts {
  readonly database: Database;
  readonly sealer: Pick<EventSealer, 'open'>;
  readonly memory: Pick<AccountMemory, 'forget' | 'recall'>;
  /** What is remembered of events that were decided; rejects when it could not be forgotten. */
  readonly ledger: { forget(eventIds: readonly string[]): Promise<void> };
  /** For rows of the audit trail that an erasure changes: it vouches for what they say afterwards. */
  readonly auditKey: Pick<AuditKey, 'erased'>;
  /** Files of the stores may still hold what was erased. */
  readonly onErased: () => void;
}

type SealedRow = Readonly<Record<'id' | 'salt' | 'sealed', string>>;

const eventsSql = 'select event_id from decisions where account_id = $1';
const auditSql = `insert into audit (at, actor, kind, subject, detail) values ($1, $2, $3, $4, $5::jsonb)`;

/** Erasing and exporting what is stored about an account. */
export class SqlSubjects implements Subjects {
  constructor(private readonly ports: SubjectsPorts) {}

  async erase(accountId: string, by: ListActor): Promise<Erasure | undefined> {
    const { database, auditKey } = this.ports;
    if (!(await this.isKnown(accountId))) return undefined;
    const identifiers = await this.identifiersOf(accountId);
    const erased = await database.transaction((tx) => eraseIn(tx, { accountId, identifiers, by, auditKey }));
    // It may be of now: an event on its way writes it again, and the next erasure takes it away.
    await this.forget(accountId).finally(() => this.ports.onErased());
    return { accountId, erased: [...erased, { what: 'account_memory', count: 1 }], kept: await this.keptOf(accountId) };
  }

  async export(accountId: string, by: ListActor): Promise<SubjectRecord | undefined> {
    if (!(await this.isKnown(accountId))) return undefined;
    const { database, memory } = this.ports;
    await database.query(auditSql, [new Date(by.now), by.actor, 'subject.exported', accountId, '{}']);
    const recall = await memory.recall(accountId);
    const sealed = (statement: SectionStatement): SubjectSection => ({
      name: statement.name,
      pages: this.openedPages(statement, accountId),
    });
    return {
      accountId,
      memory: recall.kind === 'remembered' ? recall.remembered : null,
      sections: [
        sealed(sealedEvents),
        sealed(sealedAppeals),
        { name: 'list_entries', pages: this.listedPages(accountId) },
        ...sections.map((statement) => ({ name: statement.name, pages: this.pages(statement, accountId) })),
      ],
    };
  }

  private async forget(accountId: string): Promise<void> {
    const { database, memory, ledger } = this.ports;
    await memory.forget(accountId);
    const events = await database.query<{ event_id: string }>(eventsSql, [accountId]);
    await ledger.forget(events.map(({ event_id }) => event_id));
  }

  private async isKnown(accountId: string): Promise<boolean> {
    return (await this.ports.database.query(knownSql, [accountId])).length > 0;
  }

  private async *pages<Row extends Readonly<Record<string, unknown>>>(
    { sql, key }: SectionStatement,
    accountId: string,
  ): AsyncGenerator<readonly Row[]> {
    let after: unknown = key?.first;
    for (;;) {
      const rows = await this.ports.database.query<Row>(sql, key === undefined ? [accountId] : [accountId, after]);
      yield rows;
      if (key === undefined || rows.length < pageRows) return;
      after = rows.at(-1)?.[key.name];
    }
  }

  /** What is sealed, in the clear; what cannot be opened is left out. */
  private async *openedPages(statement: SectionStatement, accountId: string): AsyncGenerator<readonly unknown[]> {
    for await (const rows of this.pages<SealedRow>(statement, accountId)) {
      const texts = rows.map(({ salt, sealed }) => this.ports.sealer.open(salt, sealed));
      yield texts.filter((text) => text !== undefined).map(parsed);
    }
  }

  /** Those that an erasure would delete, each once however many events name it. */
  private async *listedPages(accountId: string): AsyncGenerator<readonly unknown[]> {
    const told = new Set<string>();
    for await (const events of this.openedPages(sealedEvents, accountId)) {
      const found = await this.ports.database.query<ListedRow>(listedSql, [identifiersIn(events)]);
      yield found.filter(({ id }) => !told.has(id)).map(({ id: _id, ...entry }) => entry);
      for (const { id } of found) told.add(id);
    }
  }

  private async identifiersOf(accountId: string): Promise<string[]> {
    const found = new Set<string>();
    for await (const events of this.openedPages(sealedEvents, accountId))
      for (const identifier of identifiersIn(events)) found.add(identifier);
    return [...found];
  }

  private async keptOf(accountId: string): Promise<KeptPart[]> {
    const counted = await Promise.all(
      remains.map(async ([what, sql, why]) => {
        const [row] = await this.ports.database.query<{ count: number }>(sql, [accountId]);
        return { what, count: Number(row?.count ?? 0), why };
      }),
    );
    return counted.filter(({ count }) => count > 0);
  }
}

interface ListedRow {
  id: string;
}

const identifiersIn = (events: readonly unknown[]): string[] => [...new Set(events.flatMap(identifiersOf))];

interface EraseIn {
  readonly accountId: string;
  readonly identifiers: readonly string[];
  readonly by: ListActor;
  readonly auditKey: Pick<AuditKey, 'erased'>;
}

/** All or nothing; the account's row is locked, as whoever decides about it does. */
async function eraseIn(tx: Queryable, { accountId, identifiers, by, auditKey }: EraseIn): Promise<ErasedPart[]> {
  await tx.query('select 1 from accounts where account_id = $1 for update', [accountId]);
  const erased: ErasedPart[] = [];
  for (const [what, sql] of erasures) erased.push({ what, count: (await tx.query(sql, [accountId])).length });
  const rows: AuditLine[] = [];
  for (const [what, sql] of auditErasures) {
    const changed = await tx.query<AuditLine>(sql, [accountId]);
    erased.push({ what, count: changed.length });
    rows.push(...changed);
  }
  const at = new Date(by.now);
  await tx.query('update list_revision set number = number + 1');
  erased.push({ what: 'list_entries', count: (await tx.query(unlistSql, [identifiers, at, by.actor])).length });
  const counts = Object.fromEntries(erased.map(({ what, count }) => [what, count]));
  const told = rows.length === 0 ? counts : { ...counts, audit_rows: marksOf(rows, auditKey) };
  await tx.query(auditSql, [at, by.actor, 'subject.erased', accountId, JSON.stringify(told)]);
  return erased;
}

/** By row: keyed hashes of what is left, from which nothing can be guessed back. */
const marksOf = (rows: readonly AuditLine[], key: Pick<AuditKey, 'erased'>): Record<string, string> =>
  Object.fromEntries(rows.map(({ seq, text }) => [String(seq), key.erased({ seq: Number(seq), text })]));

/** An appeal is text; an event is JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Accounts whose data was erased since then. */
export async function erasedSince(database: Queryable, since: Instant): Promise<readonly string[]> {
  const sql = "select subject from audit where kind = 'subject.erased' and at >= $1";
  return (await database.query<{ subject: string }>(sql, [new Date(since)])).map(({ subject }) => subject);
}
