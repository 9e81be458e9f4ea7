import type { AccountChanges } from '../../src/accounts/account-changes.js';
import { caseCursorOf, parseCaseCursor } from '../../src/cases/case-cursor.js';
import type { QueueFigures } from '../../src/cases/queue-figures.js';
import type { CaseChange, CaseEntry, Claim, DecideMany, Ended, ReviewQueue } from '../../src/cases/review-queue.js';
import type { Access, AccessState } from '../../src/model/access.js';
import type { Case } from '../../src/model/case.js';
import { type Problem, problem } from '../../src/model/problem.js';
import { err, ok, type Result } from '../../src/model/result.js';
import type { VerificationResult } from '../../src/verification/verification-result.js';

interface Held {
  case: Case;
  token: string | undefined;
  timeline: CaseEntry[];
}

/** A queue in a map: enough of the ports' behaviour for tests of the edge. */
export class MemoryCases implements ReviewQueue, AccountChanges {
  readonly held = new Map<string, Held>();
  readonly access = new Map<string, Access>();
  readonly verifications: unknown[] = [];
  #tokens = 0;

  open(id: string, accountId: string, more: Partial<Case> = {}): Case {
    const opened: Case = {
      id,
      accountId,
      ringId: null,
      wholeRing: false,
      decisionId: null,
      state: 'open',
      priority: 1,
      score: 80,
      reason: 'payment.reused',
      verify: ['phone'],
      asksFor: ['phone'],
      openedAt: 1_700_000_000_000,
      dueAt: 1_700_000_600_000,
      claimedBy: null,
      assignedTo: null,
      escalatedAt: null,
      leaseUntil: null,
      snoozedUntil: null,
      decision: null,
      decidedBy: null,
      decidedAt: null,
      effectiveAt: null,
      appealedAt: null,
      version: 1,
      ...more,
    };
    this.held.set(id, { case: opened, token: undefined, timeline: [] });
    this.access.set(accountId, { accountId, state: 'held', version: 1 });
    return opened;
  }

  async list(filter: Parameters<ReviewQueue['list']>[0]) {
    const all = [...this.held.values()]
      .map((one) => one.case)
      .filter((one) => filter.state === undefined || one.state === filter.state)
      .filter((one) => filter.ring === undefined || one.ringId === filter.ring)
      .filter((one) => filter.accountId === undefined || one.accountId === filter.accountId);
    const start = parseCaseCursor(filter.cursor)?.value ?? 0;
    const end = start + filter.limit;
    const seen = { title: null, country: null, network: null, emailDomain: null, ringSize: null };
    const cases = all.slice(start, end).map((one) => ({ ...one, seen }));
    return { cases, nextCursor: end < all.length ? caseCursorOf({ value: end, id: 'case', sort: filter.sort }) : null };
  }

  async get(caseId: string) {
    const found = this.held.get(caseId);
    return found && { case: found.case, timeline: found.timeline };
  }

  async claimNext(actor: string, now: number) {
    const next = [...this.held.values()].find((one) => one.case.state === 'open');
    if (next === undefined) return undefined;
    const claim = await this.claim(next.case.id, actor, now);
    return claim.ok ? claim.value : undefined;
  }

  async escalate({ caseId, actor, now }: Parameters<ReviewQueue['escalate']>[0]) {
    const found = this.held.get(caseId);
    if (found === undefined) return err(problem('not_found'));
    if (found.case.escalatedAt !== null) return err(problem('conflict'));
    this.#write(found, { state: 'open', escalatedAt: now }, actor, now);
    return ok(found.case);
  }

  async assign({ caseId, to, actor, now }: Parameters<ReviewQueue['assign']>[0]) {
    const found = this.held.get(caseId);
    if (found === undefined) return err(problem('not_found'));
    this.#write(found, { assignedTo: to }, actor, now);
    return ok(found.case);
  }

  recordBreaches = async () => 0;

  async claim(caseId: string, actor: string, now: number): Promise<Result<Claim, Problem>> {
    const found = this.held.get(caseId);
    if (found === undefined) return err(problem('not_found'));
    if (found.case.state === 'claimed') return err(problem('conflict'));
    found.token = `token${++this.#tokens}`;
    this.#write(found, { state: 'claimed', claimedBy: actor, leaseUntil: now + 60_000 }, actor, now);
    return ok({ case: found.case, claimToken: found.token, leaseUntil: now + 60_000 });
  }

  async heartbeat(caseId: string, claimToken: string, _actor: string, now: number): Promise<Result<Claim, Problem>> {
    const found = this.#owned(caseId, claimToken);
    return found.ok ? ok({ case: found.value.case, claimToken, leaseUntil: now + 60_000 }) : found;
  }

  async unclaim(caseId: string, claimToken: string, actor: string, now: number): Promise<Result<Case, Problem>> {
    const found = this.#owned(caseId, claimToken);
    return found.ok ? ok(this.#write(found.value, { state: 'open' }, actor, now)) : found;
  }

  async snooze(
    ...[caseId, token, until, actor, now]: Parameters<ReviewQueue['snooze']>
  ): Promise<Result<Case, Problem>> {
    const found = this.#owned(caseId, token);
    return found.ok ? ok(this.#write(found.value, { state: 'snoozed', snoozedUntil: until }, actor, now)) : found;
  }

  async note(caseId: string, text: string, actor: string, now: number): Promise<Result<CaseEntry, Problem>> {
    const found = this.held.get(caseId);
    if (found === undefined) return err(problem('not_found'));
    const entry = { at: now, actor, kind: 'note', detail: { text } };
    found.timeline.push(entry);
    return ok(entry);
  }

  async decide(given: Parameters<ReviewQueue['decide']>[0]): Promise<Result<CaseChange, Problem>> {
    const found = this.#owned(given.caseId, given.claimToken);
    if (!found.ok) return found;
    const decision = given.decision === 'request_verification' ? null : given.decision;
    const decided = this.#write(found.value, { state: 'decided', decision }, given.actor, given.now);
    return ok({ case: decided, access: this.access.get(decided.accountId) ?? null });
  }

  async decideMany({ caseIds, clock, ...command }: DecideMany): Promise<readonly Ended[]> {
    return Promise.all(
      caseIds.map(async (caseId) => {
        const now = clock.now();
        const claim = await this.claim(caseId, command.actor, now);
        const claimToken = claim.ok ? claim.value.claimToken : '';
        return { caseId, result: claim.ok ? await this.decide({ ...command, caseId, claimToken, now }) : claim };
      }),
    );
  }

  async undo(...[caseId, actor, now, as]: Parameters<ReviewQueue['undo']>): Promise<Result<CaseChange, Problem>> {
    const found = this.held.get(caseId);
    if (found?.case.wholeRing === true && as?.isSenior !== true) return err(problem('forbidden'));
    if (found?.case.state !== 'decided') return err(problem(found === undefined ? 'not_found' : 'conflict'));
    return ok({ case: this.#write(found, { state: 'open', decision: null }, actor, now), access: null });
  }

  async recordVerification(result: VerificationResult) {
    this.verifications.push(result);
    return this.#move(result.accountId, 'admitted');
  }

  async recordLabel(label: Parameters<AccountChanges['recordLabel']>[0]) {
    return this.#move(label.accountId, 'held');
  }

  async changeManually(change: Parameters<AccountChanges['changeManually']>[0]) {
    return this.#move(change.accountId, change.to);
  }

  #owned(caseId: string, token: string): Result<Held, Problem> {
    const found = this.held.get(caseId);
    if (found === undefined) return err(problem('not_found'));
    return found.token === token ? ok(found) : err(problem('stale_claim'));
  }

  #write(held: Held, change: Partial<Case>, actor: string, now: number): Case {
    held.case = { ...held.case, ...change, version: held.case.version + 1 };
    held.timeline.push({ at: now, actor, kind: held.case.state, detail: {} });
    return held.case;
  }

  #move(accountId: string, state: AccessState): Result<CaseChange, Problem> {
    const before = this.access.get(accountId);
    if (before === undefined) return err(problem('not_found'));
    const access = { accountId, state, version: before.version + 1 };
    this.access.set(accountId, access);
    return ok({ case: null, access });
  }
}

/** Figures of a queue that is empty. */
export function memoryQueueFigures(): QueueFigures {
  const none = { cases: 0, oldestAt: null };
  const views = { mine: none, unclaimed: none, due: none, rings: none, appeals: none, snoozed: none, escalated: none };
  return {
    workload: async () => ({ views, undecided: 0, late: 0, dueInHour: 0, medianMs: null, reviewers: [] }),
    late: async () => 0,
    sampleMembers: async () => [],
  };
}
