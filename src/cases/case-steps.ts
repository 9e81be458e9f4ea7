import { newId, type RandomBytes } from '../model/ids.js';
import type { Policy } from '../model/policy.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { CaseDraft, type DraftStart } from './case-draft.js';
import type { AccountSubject, CaseRecord, CaseRecords, Loaded, Planned } from './case-records.js';
import type { CaseChange } from './review-queue.js';
import { settleRing } from './settle-ring.js';

export interface StepOptions {
  readonly random: RandomBytes;
  /** Of the policy in use: how long cases that people and labels open may wait. */
  readonly sla?: (() => Policy['sla']) | undefined;
}

export type By = { readonly actor: string; readonly now: Instant };
type Planning<T> = Planned<Result<T, Problem>>;

/** Steps over any records (PostgreSQL, PGlite or memory), one transaction each: what the rules of every stage are run in. */
export class CaseSteps {
  constructor(
    readonly records: CaseRecords,
    private readonly options: StepOptions,
  ) {}

  onCase<T>(
    caseId: string,
    plan: (loaded: Loaded & { readonly case: CaseRecord }) => Planning<T>,
  ): Promise<Result<T, Problem>> {
    return this.records.change<Result<T, Problem>>({ caseId }, (loaded) =>
      loaded.case === undefined ? { answer: err(problem('not_found')) } : plan({ ...loaded, case: loaded.case }),
    );
  }

  /** `write` fills the draft and tells whether there is anything to write. */
  onAccount(
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

  draft(loaded: DraftStart, { actor, now }: By): CaseDraft {
    const sla = this.options.sla?.();
    return new CaseDraft(loaded, { actor, now, newId: (prefix) => this.newId(prefix, now), sla });
  }

  /** Tells the members of a ring whose case was decided, or undone. */
  async settleRing(caseId: string, now: Instant, pages: number): Promise<void> {
    await settleRing(caseId, { records: this.records, newId: (prefix) => this.newId(prefix, now) }, { now, pages });
  }

  newId(prefix: Parameters<typeof newId>[0], now: Instant): string {
    return newId(prefix, now, this.options.random);
  }
}
