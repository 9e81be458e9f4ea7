import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { type CaseRecord, type CaseRecords, type LoadedCase, nothingLoaded } from './case-records.js';
import { type By, CaseSteps, type StepOptions } from './case-steps.js';
import { claimAndDecide } from './claim-and-decide.js';
import { createClaimTokens } from './claim-token.js';
import { decideCase, undoDecision, whyNotUndone } from './decide-case.js';
import { mergeChanges, noChanges } from './merge-changes.js';
import type { CaseChange, Claim, DecideCase, DecideMany, Ended, ReviewQueue } from './review-queue.js';
import { caseOf } from './shown-case.js';
import { someAtOnce } from './some-at-once.js';
import { type CaseStep, transitionCase } from './transition-case.js';

export interface ReviewQueueOptions extends StepOptions {
  /** The same on every instance; claim tokens are signed with it. */
  readonly claimSecret: string;
}

/** Pages of a ring's members that are told before a reviewer is answered. */
const pagesAtOnce = 5;

/** The rules of the queue over any records: PostgreSQL, PGlite or memory. */
export function createReviewQueue(records: CaseRecords, options: ReviewQueueOptions): ReviewQueue {
  return new RecordedReviewQueue(records, options);
}

class RecordedReviewQueue implements ReviewQueue {
  private readonly tokens;
  private readonly steps;

  constructor(
    private readonly records: CaseRecords,
    options: ReviewQueueOptions,
  ) {
    this.tokens = createClaimTokens(options.claimSecret);
    this.steps = new CaseSteps(records, options);
  }

  readonly list: ReviewQueue['list'] = (filter) => this.records.list(filter);
  readonly get: ReviewQueue['get'] = (caseId) => this.records.get(caseId);

  claimNext: ReviewQueue['claimNext'] = (actor, now, { isSenior = false, leaseMs } = {}) =>
    this.records.changeNext({ actor, isSenior, now }, (found) => {
      const next = transitionCase(found, { kind: 'claim', actor, isSenior, leaseMs }, now);
      if (!next.ok) return { answer: undefined };
      const draft = this.steps.draft({ ...nothingLoaded, case: found }, { actor, now });
      draft.saveCase(next.value, 'claimed');
      return { answer: this.claimOf(next.value), changes: draft.changes() };
    });

  claim: ReviewQueue['claim'] = (caseId, actor, now, as = {}) =>
    this.step(caseId, { actor, now }, () => ({ kind: 'claim', actor, ...as }), 'claimed').then(this.asClaim);

  escalate: ReviewQueue['escalate'] = ({ caseId, reason, ...by }) =>
    this.step(caseId, by, () => ({ kind: 'escalate', actor: by.actor }), 'escalated', { reason }).then(asCase);

  assign: ReviewQueue['assign'] = ({ caseId, to, toSenior = false, ...by }) =>
    this.step(caseId, by, () => ({ kind: 'assign', to, toSenior }), to === null ? 'unassigned' : 'assigned', {
      to,
    }).then(asCase);

  heartbeat: ReviewQueue['heartbeat'] = (caseId, claimToken, actor, now, leaseMs) => {
    const step = this.fenced(caseId, claimToken, (claimNumber) => ({ kind: 'heartbeat', claimNumber, actor, leaseMs }));
    return this.step(caseId, { actor, now }, step).then(this.asClaim);
  };

  unclaim: ReviewQueue['unclaim'] = (caseId, claimToken, actor, now) => {
    const step = this.fenced(caseId, claimToken, (claimNumber) => ({ kind: 'unclaim', claimNumber, actor }));
    return this.step(caseId, { actor, now }, step, 'unclaimed').then(asCase);
  };

  snooze: ReviewQueue['snooze'] = (caseId, claimToken, until, actor, now) => {
    const step = this.fenced(caseId, claimToken, (claimNumber) => ({ kind: 'snooze', claimNumber, actor, until }));
    return this.step(caseId, { actor, now }, step, 'snoozed').then(asCase);
  };

  note: ReviewQueue['note'] = (caseId, text, actor, now) =>
    this.steps.onCase(caseId, (loaded) => {
      const draft = this.steps.draft(loaded, { actor, now });
      const entry = draft.addEntry(caseId, 'note', { text });
      draft.record('case.note', caseId, {});
      const { at, kind, detail } = entry;
      return { answer: ok({ at, actor, kind, detail }), changes: draft.changes() };
    });

  decide(command: DecideCase): Promise<Result<CaseChange, Problem>> {
    const claimNumber = this.tokens.read(command.caseId, command.claimToken) ?? noClaim;
    const decided = this.steps.onCase(command.caseId, (loaded) => {
      const draft = this.steps.draft(loaded, command);
      const done = decideCase(draft, loaded, { ...command, claimNumber });
      return done.ok ? { answer: ok(draft.answer()), changes: draft.changes() } : { answer: done };
    });
    return decided.then((result) => this.settled(result, command.now));
  }

  async decideMany(command: DecideMany): Promise<readonly Ended[]> {
    const caseIds = [...new Set(command.caseIds)];
    const { actor, clock } = command;
    const ended = await this.records.changeCases(caseIds, (loaded) => {
      const by = { actor, now: clock.now() };
      const draftOf = (one: LoadedCase) => this.steps.draft(one, by);
      const decided = caseIds.map((caseId) => claimAndDecide(caseId, loaded.get(caseId), { ...command, draftOf }));
      return {
        answer: decided.map((one) => one.ended),
        changes: mergeChanges(decided.flatMap(({ changes }) => changes ?? [])),
      };
    });
    const rings = ended.flatMap(({ caseId, result }) => (result.ok && result.value.case?.wholeRing ? caseId : []));
    // The time to undo has begun: a page of each, and the rest follows.
    await someAtOnce(rings, (caseId) => this.steps.settleRing(caseId, clock.now(), 1));
    return ended;
  }

  undo: ReviewQueue['undo'] = (caseId, actor, now, as = {}) =>
    this.steps
      .onCase<CaseChange>(caseId, (loaded) => {
        if (loaded.hasOtherUndecided) return { answer: err(problem('conflict', { detail: 'a newer case is open' })) };
        const next = transitionCase(loaded.case, { kind: 'undo', actor, ...as }, now);
        if (!next.ok) return { answer: next };
        const overtaken = whyNotUndone(loaded);
        if (overtaken !== undefined) return { answer: err(overtaken) };
        const draft = this.steps.draft(loaded, { actor, now });
        undoDecision(draft, loaded, next.value);
        return { answer: ok(draft.answer()), changes: draft.changes() };
      })
      .then((result) => this.settled(result, now));

  /** Members of a ring are told at once as far as one call can; the rest follows within seconds. */
  private async settled(result: Result<CaseChange, Problem>, now: Instant): Promise<Result<CaseChange, Problem>> {
    const found = result.ok ? result.value.case : null;
    if (found?.wholeRing === true) await this.steps.settleRing(found.id, now, pagesAtOnce);
    return result;
  }

  /** A step that changes the case alone. Without `kind` it leaves no trace in the timeline (a heartbeat). */
  private step(
    caseId: string,
    by: By,
    stepOf: () => CaseStep,
    kind?: string,
    detail?: Readonly<Record<string, unknown>>,
  ): Promise<Result<CaseRecord, Problem>> {
    return this.steps.onCase(caseId, (loaded) => {
      const next = transitionCase(loaded.case, stepOf(), by.now);
      if (!next.ok) return { answer: next };
      if (kind === undefined) return { answer: next, changes: { ...noChanges, cases: [next.value] } };
      const draft = this.steps.draft(loaded, by);
      draft.saveCase(next.value, kind, detail);
      return { answer: next, changes: draft.changes() };
    });
  }

  /** A token that was not issued for this case fences like a claim that never was. */
  private fenced(caseId: string, token: string, stepOf: (claimNumber: number) => CaseStep): () => CaseStep {
    const claimNumber = this.tokens.read(caseId, token) ?? noClaim;
    return () => stepOf(claimNumber);
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
