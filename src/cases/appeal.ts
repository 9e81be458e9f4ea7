import type { IdPrefix } from '../model/ids.js';
import type { Policy } from '../model/policy.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import type { CaseRecords } from './case-records.js';
import { openAppeal } from './open-appeal.js';

export const maxAppealLength = 4000;
/** An account may appeal once in this time. */
export const appealEveryMs = 30 * 86_400_000;

export interface Appeal {
  readonly id: string;
  readonly accountId: string;
  /** Null for the moment until its case is open. */
  readonly caseId: string | null;
  readonly appealedAt: Instant;
  /** Undefined once the account was erased. */
  readonly message: string | undefined;
}

export interface MakeAppeal {
  readonly accountId: string;
  readonly message: string;
  readonly actor: string;
  readonly now: Instant;
}

/** Whoever was held or denied asks for another look by another person. */
export interface Appeals {
  make(appeal: MakeAppeal): Promise<Result<Appeal, Problem>>;
  get(appealId: string): Promise<Appeal | undefined>;
  /** When the account appealed last. */
  latest(accountId: string): Promise<Instant | undefined>;
  /** The newest first. */
  list(filter: AppealFilter): Promise<readonly ListedAppeal[]>;
}

/** `open`: nobody has decided about the account since; else what it came to. */
export const appealStates = ['open', 'approved', 'rejected'] as const;
export type AppealState = (typeof appealStates)[number];

export interface AppealFilter {
  readonly status?: AppealState | undefined;
  readonly accountId?: string | undefined;
  readonly caseId?: string | undefined;
  /** Only those made before this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

interface Listed {
  readonly status: AppealState;
  /** Who held or denied the account, and may not decide about it again. */
  readonly barredActor: string | null;
  readonly decidedBy: string | null;
}

export type ListedAppeal = Appeal & Listed;
export type ListedRow = AppealRow & Listed;

export interface AppealRow {
  readonly id: string;
  readonly accountId: string;
  readonly caseId: string | null;
  readonly appealedAt: Instant;
  readonly sealed: string;
  /** Undefined once the account was erased. */
  readonly salt: string | undefined;
}

/** Port beneath: rows. */
export interface AppealRows {
  /** `too_soon`: there is one that is not older than `since`. */
  add(
    row: AppealRow & { readonly salt: string; readonly since: Instant },
  ): Promise<'added' | 'too_soon' | 'no_account'>;
  remove(appealId: string): Promise<void>;
  setCase(appealId: string, caseId: string): Promise<void>;
  get(appealId: string): Promise<AppealRow | undefined>;
  latest(accountId: string): Promise<Instant | undefined>;
  /** Who held or denied the account last; undefined when nobody has. */
  decidedBy(accountId: string): Promise<string | undefined>;
  /** The newest first. */
  list(filter: AppealFilter): Promise<readonly ListedRow[]>;
  /** Added before this time and still without a case: whoever made them died halfway. */
  withoutCase(before: Instant, limit: number): Promise<readonly AppealRow[]>;
}

/** As events are sealed: what is said is readable only while its salt is kept. */
interface MessageSealer {
  newSalt(): string;
  seal(salt: string, text: string): string;
  open(salt: string, sealed: string): string | undefined;
}

export interface AppealPorts {
  readonly rows: AppealRows;
  readonly records: CaseRecords;
  readonly sealer: MessageSealer;
  readonly newId: (prefix: IdPrefix, now: Instant) => string;
  /** How long cases may wait; without it, as long as their priority lets them. */
  readonly sla?: (() => Policy['sla']) | undefined;
}

export function createAppeals(ports: AppealPorts): Appeals {
  const { rows, sealer } = ports;
  return {
    async make({ accountId, message, actor, now }) {
      const salt = sealer.newSalt();
      const sealed = sealer.seal(salt, message);
      const row = { id: ports.newId('appeal', now), accountId, caseId: null, appealedAt: now, sealed, salt };
      const added = await rows.add({ ...row, since: now - appealEveryMs });
      if (added === 'no_account') return err(problem('not_found'));
      if (added === 'too_soon') return err(problem('conflict', { detail: 'the account has appealed within 30 days' }));
      const opened = await open(ports, row, { actor, now });
      return opened.ok ? ok({ ...shown(row, sealer), caseId: opened.value }) : opened;
    },
    async get(appealId) {
      const row = await rows.get(appealId);
      return row && shown(row, sealer);
    },
    latest: (accountId) => rows.latest(accountId),
    list: async (filter) => (await rows.list(filter)).map((row) => shown(row, sealer)),
  };
}

const shown = <Row extends AppealRow>({ sealed, salt, ...row }: Row, sealer: MessageSealer) => ({
  ...row,
  message: salt === undefined ? undefined : sealer.open(salt, sealed),
});

/** Whoever made it may die halfway: another opens its case. */
const halfwayMs = 60_000;

export async function openLeftAppeals(ports: AppealPorts, now: Instant): Promise<number> {
  const left = await ports.rows.withoutCase(now - halfwayMs, 100);
  for (const row of left) await open(ports, row, { actor: 'reconciler', now });
  return left.length;
}

async function open(
  { rows, records, newId, sla }: AppealPorts,
  { id, accountId }: AppealRow,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<Result<string, Problem>> {
  const decidedBy = await rows.decidedBy(accountId);
  const opened = await openAppeal(records, { appealId: id, accountId, decidedBy, actor, now, newId, sla: sla?.() });
  if (opened.ok) await rows.setCase(id, opened.value);
  else await rows.remove(id);
  return opened;
}
