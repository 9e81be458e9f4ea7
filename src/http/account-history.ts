import { manualKinds } from '../accounts/change-manually.js';
import { judgedAgainKind } from '../accounts/rescore-account.js';
import type { CaseEntry } from '../cases/review-queue.js';
import type { StoredDecision } from '../decisions/decision-log.js';
import { toIso } from '../model/time.js';
import type { HttpServices } from './http-services.js';
import { entryJson } from './wire.js';

const maxDecisions = 50;
const maxCases = 10;
const maxManual = 50;
const maxChanges = 50;

interface HistoryEntry {
  readonly at: string;
  readonly actor: string | null;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const decisionEntry = ({ decision }: StoredDecision): HistoryEntry => ({
  at: decision.decided_at,
  actor: null,
  kind: 'decision',
  detail: {
    id: decision.id,
    type: decision.type,
    outcome: decision.outcome,
    score: decision.score,
    reasons: decision.reasons.map((reason) => reason.code),
  },
});

/** What is told of the case of a ring is of all who are in it, or of the one that it names. */
const isAbout = ({ detail }: CaseEntry, accountId: string): boolean =>
  detail.account_id === undefined || detail.account_id === accountId;

async function caseEntries(cases: HttpServices['cases'], accountId: string): Promise<HistoryEntry[]> {
  const page = await cases.list({ accountId, sort: 'opened_at', limit: maxCases });
  const found = await Promise.all(page.cases.map((one) => cases.get(one.id)));
  return found.flatMap((one) =>
    (one?.timeline ?? [])
      .filter((entry) => isAbout(entry, accountId))
      .map((entry) => {
        const json = entryJson(entry);
        return { ...json, detail: { ...json.detail, case_id: one?.case.id } };
      }),
  );
}

const ownKinds: ReadonlySet<string> = new Set([...Object.values(manualKinds), judgedAgainKind]);

/**
 * What happened to the account itself, whether or not it had a case: people's changes (`account_denied`), and what its
 * decisions came to when they were made again.
 */
async function ownEntries(audit: HttpServices['audit'], accountId: string): Promise<HistoryEntry[]> {
  const found = await audit.page({ subject: accountId, kind: 'account.', limit: maxManual });
  return found
    .filter(({ kind }) => ownKinds.has(kind))
    .map(({ at, actor, kind, detail }) => ({ at: toIso(at), actor, kind: kind.replace('.', '_'), detail }));
}

/** What came of it at the gate, but for what a person's change says itself: by a case, a ring, a batch, an appeal, a verification. */
async function accessEntries(audit: HttpServices['audit'], accountId: string): Promise<HistoryEntry[]> {
  const found = await audit.page({ subject: accountId, kind: 'access.changed', limit: maxChanges });
  return found
    .filter(({ detail }) => detail.cause !== 'manual')
    .map(({ at, actor, detail }) => ({ at: toIso(at), actor, kind: 'access_changed', detail }));
}

/** The latest decisions, what happened to the account's cases and to itself, newest first. */
export async function accountHistory(
  services: Pick<HttpServices, 'decisions' | 'cases' | 'audit'>,
  accountId: string,
): Promise<readonly HistoryEntry[]> {
  const [decisions, entries, manual, changes] = await Promise.all([
    services.decisions.byAccount(accountId, { limit: maxDecisions }),
    caseEntries(services.cases, accountId),
    ownEntries(services.audit, accountId),
    accessEntries(services.audit, accountId),
  ]);
  const all = [...decisions.map(decisionEntry), ...changes, ...entries, ...manual];
  return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
