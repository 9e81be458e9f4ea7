import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { asOf, isClaimable } from './as-of.js';
import type { CaseRecord } from './case-records.js';
import { inNobodysHands } from './new-case.js';
import type { Claiming, Undoing } from './review-queue.js';

export const claimLeaseMs = 300_000;
/** Within this time of a person's decision it can be taken back; an approval reaches the gate at its end. */
export const undoWindowMs = 10_000;

/** A step by whoever has the case: `claimNumber` is what the caller's token was issued for. */
interface ByClaim {
  readonly claimNumber: number;
  readonly actor: string;
}

/** What can be done to a case. */
export type CaseStep =
  | ({ readonly kind: 'claim'; readonly actor: string } & Claiming)
  /** To a senior; whoever holds the claim lets go of it. */
  | { readonly kind: 'escalate'; readonly actor: string }
  | { readonly kind: 'assign'; readonly to: string | null; readonly toSenior: boolean }
  | ({ readonly kind: 'heartbeat'; readonly leaseMs?: number | undefined } & ByClaim)
  | ({ readonly kind: 'unclaim' | 'await_verification' } & ByClaim)
  | ({ readonly kind: 'snooze'; readonly until: Instant } & ByClaim)
  | ({ readonly kind: 'decide'; readonly decision: 'approve' | 'reject' } & ByClaim)
  /** Without a claim and at once: a passed verification, a release, a denial. */
  | { readonly kind: 'close'; readonly decision: 'approve' | 'reject'; readonly actor: string }
  /** The undo window of an approval is over. */
  | { readonly kind: 'apply' }
  | ({ readonly kind: 'undo'; readonly actor: string } & Undoing)
  /** New evidence arrived before an approval was applied. */
  | { readonly kind: 'reopen' };

type Next = Result<CaseRecord, Problem>;

/** open → claimed → decided, with snoozed on the side; nothing else changes a case's state. */
export function transitionCase(from: CaseRecord, step: CaseStep, now: Instant): Next {
  if ('claimNumber' in step) {
    const stale = whyStale(from, step, now);
    if (stale !== undefined) return err(problem('stale_claim', { detail: stale }));
  }
  const next = apply(from, step, now);
  return next.ok ? ok({ ...next.value, version: from.version + 1 }) : next;
}

function whyStale(from: CaseRecord, { claimNumber, actor }: ByClaim, now: Instant): string | undefined {
  if (from.state !== 'claimed') return `the case is ${from.state}`;
  if (from.claimNumber !== claimNumber) return 'someone else claimed the case since';
  // A token that got about must not let anybody decide in the holder's place.
  if (from.claimedBy !== actor) return 'the claim belongs to somebody else: a token is for who claimed the case';
  return from.leaseUntil === null || from.leaseUntil <= now ? 'the lease has run out' : undefined;
}

function apply(from: CaseRecord, step: CaseStep, now: Instant): Next {
  switch (step.kind) {
    case 'claim':
      return claim(from, step, now);
    case 'escalate':
      return escalate(from, step.actor, now);
    case 'assign':
      return assign(from, step, now);
    case 'heartbeat':
      return ok({ ...from, leaseUntil: now + (step.leaseMs ?? claimLeaseMs) });
    case 'unclaim':
    case 'await_verification':
      return ok(reopened(from));
    case 'snooze':
      return snooze(from, step.until, now);
    case 'decide':
      if (from.barredActor === step.actor) return err(barred());
      return ok(decided(from, step, now, step.decision === 'approve' ? undoWindowMs : 0));
    case 'close':
      return from.state === 'decided' && from.appliedAt !== null ? conflict(from) : ok(decided(from, step, now, 0));
    case 'apply':
      return isDue(from, now) ? ok({ ...from, appliedAt: now }) : conflict(from);
    case 'undo':
      return undo(from, step, now);
    case 'reopen':
      return from.state === 'decided' && from.appliedAt === null ? ok(reopened(from)) : conflict(from);
  }
}

/** Also for whoever had claimed the case before the appeal came. */
export const barred = (): Problem =>
  problem('forbidden', { detail: 'you decided about this account: its appeal is for another person' });

const conflict = (from: CaseRecord): Next => err(problem('conflict', { detail: `the case is ${from.state}` }));

/** Not to whom it could never be given: nobody else would be given it either. */
function assign(
  from: CaseRecord,
  { to, toSenior }: { readonly to: string | null; readonly toSenior: boolean },
  now: Instant,
): Next {
  if (from.state === 'decided') return conflict(from);
  if (to !== null && from.barredActor === to)
    return err(notTo('decided about this account: its appeal is for another'));
  if (to !== null && from.escalatedAt !== null && !toSenior)
    return err(notTo('is no senior, and the case waits for one'));
  return ok({ ...asOf(from, now), assignedTo: to });
}

const notTo = (detail: string): Problem => problem('invalid', { errors: [{ pointer: '/to', detail }] });

/**
 * A snoozed case may be claimed by name before its time; one with a running lease by its holder alone, whose page or answer
 * was lost: the older token ends.
 */
function claim(
  from: CaseRecord,
  { actor, isSenior = false, leaseMs = claimLeaseMs }: Claiming & { readonly actor: string },
  now: Instant,
): Next {
  if (from.barredActor === actor) return err(barred());
  if (from.escalatedAt !== null && !isSenior && from.state !== 'decided')
    return err(problem('conflict', { detail: 'the case waits for a senior' }));
  if (from.state !== 'snoozed' && !isClaimable(from, now) && !isHeldBy(from, actor)) return conflict(from);
  return ok({
    ...from,
    state: 'claimed',
    claimedBy: actor,
    claimNumber: from.claimNumber + 1,
    leaseUntil: now + leaseMs,
    snoozedUntil: null,
  });
}

const isHeldBy = ({ state, claimedBy }: CaseRecord, actor: string): boolean =>
  state === 'claimed' && claimedBy === actor;

function escalate(from: CaseRecord, actor: string, now: Instant): Next {
  if (from.state === 'decided' || from.escalatedAt !== null)
    return err(
      problem('conflict', { detail: from.state === 'decided' ? 'the case is decided' : 'it was escalated before' }),
    );
  if (isHeldByAnother(from, actor, now)) return conflict(from);
  return ok({ ...reopened(from), assignedTo: null, escalatedAt: now });
}

const isHeldByAnother = ({ state, claimedBy, leaseUntil }: CaseRecord, actor: string, now: Instant): boolean =>
  state === 'claimed' && claimedBy !== actor && leaseUntil !== null && leaseUntil > now;

function snooze(from: CaseRecord, until: Instant, now: Instant): Next {
  if (until <= now)
    return err(problem('invalid', { errors: [{ pointer: '/until', detail: 'must be in the future' }] }));
  return ok({ ...reopened(from), state: 'snoozed', snoozedUntil: until });
}

const reopened = (from: CaseRecord): CaseRecord => ({ ...from, state: 'open', ...inNobodysHands });

function decided(
  from: CaseRecord,
  by: { readonly decision: 'approve' | 'reject'; readonly actor: string },
  now: Instant,
  waitMs: number,
): CaseRecord {
  return {
    ...from,
    state: 'decided',
    leaseUntil: null,
    snoozedUntil: null,
    decision: by.decision,
    decidedBy: by.actor,
    decidedAt: now,
    effectiveAt: now + waitMs,
    appliedAt: waitMs === 0 ? now : null,
  };
}

const isDue = (from: CaseRecord, now: Instant): boolean =>
  from.state === 'decided' && from.appliedAt === null && from.effectiveAt !== null && from.effectiveAt <= now;

/** Who could not have decided it does not take it back either. */
function undo(from: CaseRecord, { actor, isSenior = false }: Undoing & { readonly actor: string }, now: Instant): Next {
  if (from.barredActor === actor) return err(barred());
  if ((from.wholeRing || from.escalatedAt !== null) && !isSenior) return err(decidedBySenior());
  return isUndoable(from, now) ? ok(reopened(from)) : conflict(from);
}

const decidedBySenior = (): Problem =>
  problem('forbidden', { detail: 'a senior decided it: to take that back needs a key with the role senior or admin' });

/**
 * An approval that has reached the gate is not taken back here (hold the account instead); a rejection is, in time. What
 * closed the case from elsewhere (by hand, with its ring) is taken back there.
 */
function isUndoable(from: CaseRecord, now: Instant): boolean {
  if (from.state !== 'decided' || from.decidedAt === null || from.decidedBy !== from.claimedBy) return false;
  return now < from.decidedAt + undoWindowMs && (from.decision === 'reject' || from.appliedAt === null);
}
