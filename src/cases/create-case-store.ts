import { newId, type RandomBytes } from '../model/ids.js';
import type { Policy } from '../model/policy.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { breach } from './breach.js';
import { CaseDraft, caseOf } from './case-draft.js';
import { isLate } from './case-priority.js';
import type { AccountSubject, CaseRecord, CaseRecords, Loaded, Planned } from './case-records.js';
import type { CaseChange, CaseStore, Claim, DecideCase } from './case-store.js';
import type { CaseRepair } from './case-upkeep.js';
import { changeManually, openMissingCase } from './change-manually.js';
import { createClaimTokens } from './claim-token.js';
import { applyApproval, decideCase, undoDecision, whyNotUndone } from './decide-case.js';
import { noChanges } from './merge-changes.js';
import { recordLabel } from './record-label.js';
import { recordVerification } from './record-verification.js';
import { type SettlePorts, settleRing } from './settle-ring.js';
import { barred, type CaseStep, transitionCase } from './transition-case.js';

export interface CaseStoreOptions {
  /** The same on every instance; claim tokens are signed with it. */
  readonly claimSecret: string;
  readonly random: RandomBytes;
  /** How many other accounts share the evidence, where that is too many; nobody looks where it is left out. */
  readonly sharedBy?:
    | ((accountId: string, evidence: Readonly<Record<string, string>>) => Promise<number | undefined>)
    | undefined;
  /** Of the policy in use: how long cases that people and labels open may wait. */
  readonly sla?: (() => Policy['sla']) | undefined;
}

/** Approvals applied in one call; the rest is due again a second later. */
const approvalsAtOnce = 200;
/** Late cases that are told of in one call. */
const breachesAtOnce = 200;
/** Pages of a ring's members that are told before a reviewer is answered. */
const pagesAtOnce = 5;

type LoadedCase = Loaded & { readonly case: CaseRecord };
type By = { readonly actor: string; readonly now: Instant };
type Planning<T> = Planned<Result<T, Problem>>;

/** The rules of the queue over any records: PostgreSQL, PGlite or memory. */
export function createCaseStore(records: CaseRecords, options: CaseStoreOptions): CaseStore & CaseRepair {
  return new RecordedCaseStore(records, options);
}

class RecordedCaseStore implements CaseStore, CaseRepair {
  private readonly tokens;

  constructor(
    private readonly records: CaseRecords,
    private readonly options: CaseStoreOptions,
  ) {
    this.tokens = createClaimTokens(options.claimSecret);
  }

  readonly list: CaseStore['list'] = (filter) => this.records.list(filter);
  readonly get: CaseStore['get'] = (caseId) => this.records.get(caseId);

  claimNext: CaseStore['claimNext'] = (actor, now, { isSenior = false, leaseMs } = {}) =>
    this.records.changeNext({ actor, isSenior, now }, (found) => {
      const next = transitionCase(found, { kind: 'claim', actor, isSenior, leaseMs }, now);
      if (!next.ok) return { answer: undefined };
      const draft = this.draft({ ...nothingLoaded, case: found }, { actor, now });
      draft.saveCase(next.value, 'claimed');
      return { answer: this.claimOf(next.value), changes: draft.changes() };
    });

  claim: CaseStore['claim'] = (caseId, actor, now, as = {}) =>
    this.step(caseId, { actor, now }, () => ({ kind: 'claim', actor, ...as }), 'claimed').then(this.asClaim);

  escalate: CaseStore['escalate'] = ({ caseId, reason, ...by }) =>
    this.step(caseId, by, () => ({ kind: 'escalate', actor: by.actor }), 'escalated', { reason }).then(asCase);

  assign: CaseStore['assign'] = ({ caseId, to, toSenior = false, ...by }) =>
    this.step(caseId, by, () => ({ kind: 'assign', to, toSenior }), to === null ? 'unassigned' : 'assigned', {
      to,
    }).then(asCase);

  async recordBreaches(now: Instant): Promise<number> {
    let told = 0;
    for (const caseId of await this.records.unbreached(now, breachesAtOnce)) {
      const one = await this.onCase<boolean>(caseId, (loaded) => {
        if (!isLate(loaded.case, now) || loaded.case.breachedAt !== null) return { answer: ok(false) };
        const draft = this.draft(loaded, { actor: 'system', now });
        breach(draft, loaded.case);
        return { answer: ok(true), changes: draft.changes() };
      });
      if (one.ok && one.value) told += 1;
    }
    return told;
  }

  heartbeat: CaseStore['heartbeat'] = (caseId, claimToken, actor, now, leaseMs) => {
    const step = this.fenced(caseId, claimToken, (claimNumber) => ({ kind: 'heartbeat', claimNumber, actor, leaseMs }));
    return this.step(caseId, { actor, now }, step).then(this.asClaim);
  };

  unclaim: CaseStore['unclaim'] = (caseId, claimToken, actor, now) => {
    const step = this.fenced(caseId, claimToken, (claimNumber) => ({ kind: 'unclaim', claimNumber, actor }));
    return this.step(caseId, { actor, now }, step, 'unclaimed').then(asCase);
  };

  snooze: CaseStore['snooze'] = (caseId, claimToken, until, actor, now) => {
    const step = this.fenced(caseId, claimToken, (claimNumber) => ({ kind: 'snooze', claimNumber, actor, until }));
    return this.step(caseId, { actor, now }, step, 'snoozed').then(asCase);
  };

  note: CaseStore['note'] = (caseId, text, actor, now) =>
    this.onCase(caseId, (loaded) => {
      const draft = this.draft(loaded, { actor, now });
      const entry = draft.addEntry(caseId, 'note', { text });
      draft.record('case.note', caseId, {});
      const { at, kind, detail } = entry;
      return { answer: ok({ at, actor, kind, detail }), changes: draft.changes() };
    });

  decide(command: DecideCase): Promise<Result<CaseChange, Problem>> {
    const claimNumber = this.tokens.read(command.caseId, command.claimToken) ?? noClaim;
    const decided = this.onCase(command.caseId, (loaded) => {
      const draft = this.draft(loaded, command);
      const done = decideCase(draft, loaded, { ...command, claimNumber });
      return done.ok ? { answer: ok(draft.answer()), changes: draft.changes() } : { answer: done };
    });
    return decided.then((result) => this.settled(result, command.now));
  }

  undo: CaseStore['undo'] = (caseId, actor, now, as = {}) =>
    this.onCase<CaseChange>(caseId, (loaded) => {
      if (loaded.hasOtherUndecided) return { answer: err(problem('conflict', { detail: 'a newer case is open' })) };
      const next = transitionCase(loaded.case, { kind: 'undo', actor, ...as }, now);
      if (!next.ok) return { answer: next };
      const overtaken = whyNotUndone(loaded);
      if (overtaken !== undefined) return { answer: err(overtaken) };
      const draft = this.draft(loaded, { actor, now });
      undoDecision(draft, loaded, next.value);
      return { answer: ok(draft.answer()), changes: draft.changes() };
    }).then((result) => this.settled(result, now));

  recordVerification: CaseStore['recordVerification'] = async (result) => {
    const sharedBy = await this.options.sharedBy?.(result.accountId, result.evidence);
    const subject = { accountId: result.accountId, verificationId: result.requestId };
    return this.onAccount(subject, result, (draft, loaded) =>
      recordVerification(draft, loaded, { sharedBy, ...result, newId: () => this.newId('ver', result.now) }),
    );
  };

  recordLabel: CaseStore['recordLabel'] = (label, actor, now) =>
    this.onAccount(label, { actor, now }, (draft, loaded) => recordLabel(draft, loaded, label, now));

  changeManually: CaseStore['changeManually'] = (change) =>
    this.onAccount(change, change, (draft, loaded) => {
      // No way around the case: whoever decided about the account decides nothing of its appeal, whichever call they use, and
      // stops no approval of it that waits for the end of its undo window.
      if (loaded.case?.barredActor === change.actor) return barred();
      changeManually(draft, loaded, change);
      return true;
    });

  async applyDueApprovals(now: Instant): Promise<number> {
    let applied = 0;
    // One transaction each: a single one would hold the locks of all these accounts.
    for (const caseId of await this.records.dueApprovals(now, approvalsAtOnce)) {
      if ((await this.applyOne(caseId, now)).ok) applied += 1;
    }
    return applied;
  }

  openMissingCase(accountId: string, now: Instant): Promise<boolean> {
    return this.records.change({ accountId }, (loaded) => {
      if (loaded.account?.state !== 'held' || loaded.case !== undefined) return { answer: false };
      const draft = this.draft(loaded, { actor: 'reconciler', now });
      openMissingCase(draft);
      return { answer: true, changes: draft.changes() };
    });
  }

  /** Members of a ring are told at once as far as one call can; the rest follows within seconds. */
  private async settled(result: Result<CaseChange, Problem>, now: Instant): Promise<Result<CaseChange, Problem>> {
    const found = result.ok ? result.value.case : null;
    if (found?.wholeRing === true) await settleRing(found.id, this.settling(now), { now, pages: pagesAtOnce });
    return result;
  }

  private settling(now: Instant): SettlePorts {
    return { records: this.records, newId: (prefix) => this.newId(prefix, now) };
  }

  private async applyOne(caseId: string, now: Instant): Promise<Result<unknown, Problem>> {
    const applied = await this.onCase<'ring' | 'account'>(caseId, (loaded) => {
      if (loaded.case.wholeRing) return { answer: ok('ring') };
      const next = transitionCase(loaded.case, { kind: 'apply' }, now);
      if (!next.ok) return { answer: next };
      const draft = this.draft(loaded, { actor: loaded.case.decidedBy ?? 'system', now });
      applyApproval(draft, loaded, next.value);
      return { answer: ok('account'), changes: draft.changes() };
    });
    if (applied.ok && applied.value === 'ring')
      await settleRing(caseId, this.settling(now), { now, pages: Number.POSITIVE_INFINITY });
    return applied;
  }

  /** A step that changes the case alone. Without `kind` it leaves no trace in the timeline (a heartbeat). */
  private step(
    caseId: string,
    by: By,
    stepOf: () => CaseStep,
    kind?: string,
    detail?: Readonly<Record<string, unknown>>,
  ): Promise<Result<CaseRecord, Problem>> {
    return this.onCase(caseId, (loaded) => {
      const next = transitionCase(loaded.case, stepOf(), by.now);
      if (!next.ok) return { answer: next };
      if (kind === undefined) return { answer: next, changes: { ...noChanges, cases: [next.value] } };
      const draft = this.draft(loaded, by);
      draft.saveCase(next.value, kind, detail);
      return { answer: next, changes: draft.changes() };
    });
  }

  /** A token that was not issued for this case fences like a claim that never was. */
  private fenced(caseId: string, token: string, stepOf: (claimNumber: number) => CaseStep): () => CaseStep {
    const claimNumber = this.tokens.read(caseId, token) ?? noClaim;
    return () => stepOf(claimNumber);
  }

  private onCase<T>(caseId: string, plan: (loaded: LoadedCase) => Planning<T>): Promise<Result<T, Problem>> {
    return this.records.change<Result<T, Problem>>({ caseId }, (loaded) =>
      loaded.case === undefined ? { answer: err(problem('not_found')) } : plan({ ...loaded, case: loaded.case }),
    );
  }

  /** `write` fills the draft and tells whether there is anything to write. */
  private onAccount(
    { accountId, verificationId }: AccountSubject,
    by: By,
    write: (draft: CaseDraft, loaded: Loaded) => boolean | Problem,
  ): Promise<Result<CaseChange, Problem>> {
    return this.records.change<Result<CaseChange, Problem>>({ accountId, verificationId }, (loaded) => {
      if (loaded.account === undefined) return { answer: err(problem('not_found')) };
      const draft = this.draft(loaded, by);
      const wrote = write(draft, loaded);
      if (typeof wrote === 'object') return { answer: err(wrote) };
      return wrote ? { answer: ok(draft.answer()), changes: draft.changes() } : { answer: ok(draft.answer()) };
    });
  }

  private draft(loaded: Loaded, { actor, now }: By): CaseDraft {
    const sla = this.options.sla?.();
    return new CaseDraft(loaded, { actor, now, newId: (prefix) => this.newId(prefix, now), sla });
  }

  private newId(prefix: Parameters<typeof newId>[0], now: Instant): string {
    return newId(prefix, now, this.options.random);
  }

  private claimOf(record: CaseRecord): Claim {
    const claimToken = this.tokens.issue(record.id, record.claimNumber);
    return { case: caseOf(record), claimToken, leaseUntil: record.leaseUntil ?? 0 };
  }

  private readonly asClaim = (result: Result<CaseRecord, Problem>): Result<Claim, Problem> =>
    result.ok ? ok(this.claimOf(result.value)) : result;
}

const asCase = (result: Result<CaseRecord, Problem>) => (result.ok ? ok(caseOf(result.value)) : result);

/** No claim has this number. */
const noClaim = -1;
const nothingLoaded: Loaded = {
  account: undefined,
  case: undefined,
  hasOtherUndecided: false,
  verifications: [],
  labels: [],
  hitRules: [],
  limits: [],
};
