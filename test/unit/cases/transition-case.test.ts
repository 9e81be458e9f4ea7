import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isClaimable } from '../../../src/cases/as-of.js';
import type { CaseRecord } from '../../../src/cases/case-records.js';
import { newCase } from '../../../src/cases/new-case.js';
import { type CaseStep, claimLeaseMs, transitionCase, undoWindowMs } from '../../../src/cases/transition-case.js';

const now = 1_800_000_000_000;
const open: CaseRecord = {
  ...newCase('case_1', 'a1', now),
  decisionId: 'dec_1',
  priority: 80,
  score: 80,
  reason: 'payment.reused',
  rules: ['r1'],
  verify: ['phone'],
  dueAt: now + 1,
};

function afterSteps(steps: readonly CaseStep[], from = open, at = now): CaseRecord {
  return steps.reduce((record, step) => {
    const next = transitionCase(record, step, at);
    if (!next.ok) throw new Error(`${step.kind}: ${next.error.code}`);
    return next.value;
  }, from);
}
const refusalOf = (from: CaseRecord, step: CaseStep, at = now) => {
  const next = transitionCase(from, step, at);
  return next.ok ? 'none' : next.error.code;
};
const claim: CaseStep = { kind: 'claim', actor: 'ann' };
const first = { claimNumber: 1, actor: 'ann' };
const approve: CaseStep = { kind: 'decide', ...first, decision: 'approve' };

const undo: CaseStep = { kind: 'undo', actor: 'ann' };

describe('a case', () => {
  it('is claimed for five minutes and given to someone else after that', () => {
    const claimed = afterSteps([claim]);
    expect(claimed).toMatchObject({
      state: 'claimed',
      claimedBy: 'ann',
      claimNumber: 1,
      leaseUntil: now + claimLeaseMs,
    });
    expect(refusalOf(claimed, { kind: 'claim', actor: 'bob' }, now + claimLeaseMs - 1)).toBe('conflict');
    expect(afterSteps([{ kind: 'claim', actor: 'bob' }], claimed, now + claimLeaseMs)).toMatchObject({
      claimNumber: 2,
    });
  });

  it.each(['heartbeat', 'unclaim', 'await_verification'] as const)('refuses a %s with an older claim', (kind) => {
    const second = afterSteps([claim, { kind: 'unclaim', ...first }, claim]);
    expect(refusalOf(second, { kind, ...first })).toBe('stale_claim');
    expect(refusalOf(second, { kind, claimNumber: 2, actor: 'ann' })).toBe('none');
  });

  it.each([
    { kind: 'heartbeat', ...first, actor: 'bob' },
    { kind: 'unclaim', ...first, actor: 'bob' },
    { kind: 'await_verification', ...first, actor: 'bob' },
    { kind: 'snooze', ...first, actor: 'bob', until: now + 1 },
    { kind: 'decide', ...first, actor: 'bob', decision: 'reject' },
  ] as const)('refuses a $kind by somebody else than who claimed it', (step) => {
    const refused = transitionCase(afterSteps([claim]), step, now);
    const detail = expect.stringContaining('belongs to somebody else');
    expect(refused).toMatchObject({ ok: false, error: { code: 'stale_claim', detail } });
    expect(refusalOf(afterSteps([claim]), { ...step, actor: 'ann' })).toBe('none');
  });

  it('cannot be undone where it was closed from elsewhere, not decided by who had claimed it', () => {
    const byHand: CaseStep = { kind: 'close', decision: 'reject', actor: 'bob' };
    for (const closed of [afterSteps([byHand]), afterSteps([claim, byHand]), afterSteps([claim, approve, byHand])])
      expect(refusalOf(closed, undo)).toBe('conflict');
  });

  it('can be undone until the window ends and applied from then on', () => {
    const approved = afterSteps([claim, approve]);
    expect(refusalOf(approved, { kind: 'apply' }, now + undoWindowMs - 1)).toBe('conflict');
    expect(refusalOf(approved, undo, now + undoWindowMs - 1)).toBe('none');
    expect(refusalOf(approved, undo, now + undoWindowMs)).toBe('conflict');
    const applied = afterSteps([{ kind: 'apply' }], approved, now + undoWindowMs);
    expect(applied.appliedAt).toBe(now + undoWindowMs);
    expect(refusalOf(applied, { kind: 'apply' }, now + undoWindowMs)).toBe('conflict');
  });

  it('is undone by nobody who could not have decided it', () => {
    const approved = afterSteps([claim, approve]);
    expect(refusalOf({ ...approved, barredActor: 'bob' }, { ...undo, actor: 'bob' })).toBe('forbidden');
    expect(refusalOf({ ...approved, barredActor: 'bob' }, undo)).toBe('none');
    for (const forSeniors of [{ wholeRing: true }, { escalatedAt: now }]) {
      expect(refusalOf({ ...approved, ...forSeniors }, undo)).toBe('forbidden');
      expect(refusalOf({ ...approved, ...forSeniors }, { ...undo, isSenior: true })).toBe('none');
    }
  });

  it('may be claimed by name while it is snoozed, and is not handed out before its time', () => {
    const snoozed = afterSteps([claim, { kind: 'snooze', ...first, until: now + 50 }]);
    expect([isClaimable(snoozed, now + 49), isClaimable(snoozed, now + 50)]).toEqual([false, true]);
    expect(refusalOf(snoozed, claim)).toBe('none');
  });

  it('keeps its fields together whatever happens to it, and raises its version with every step', () => {
    const number = fc.integer({ min: 0, max: 3 });
    const actor = fc.constantFrom('ann', 'ann', 'bob');
    const step: fc.Arbitrary<CaseStep> = fc.oneof(
      fc.constant(claim),
      fc.record({ kind: fc.constantFrom('heartbeat', 'unclaim', 'await_verification'), claimNumber: number, actor }),
      fc.record({
        kind: fc.constant('snooze'),
        claimNumber: number,
        actor,
        until: fc.integer({ min: now, max: now + 9e6 }),
      }),
      fc.record({
        kind: fc.constant('decide'),
        claimNumber: number,
        decision: fc.constantFrom('approve', 'reject'),
        actor,
      }),
      fc.record({
        kind: fc.constant('close'),
        decision: fc.constantFrom('approve', 'reject'),
        actor: fc.constant('v'),
      }),
      fc.record({ kind: fc.constantFrom('apply', 'reopen') }),
      fc.record({ kind: fc.constant('undo'), actor }),
    );
    const timed = fc.tuple(step, fc.constantFrom(0, 1, undoWindowMs, claimLeaseMs));
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 30 }), (steps) => {
        let record = open;
        let at = now;
        for (const [one, waitMs] of steps) {
          at += waitMs;
          const next = transitionCase(record, one, at);
          if (!next.ok) continue;
          if ('claimNumber' in one) expect(record.claimedBy).toBe(one.actor);
          expect(next.value.version).toBe(record.version + 1);
          expect(next.value.claimNumber).toBeGreaterThanOrEqual(record.claimNumber);
          record = next.value;
          expect(record.leaseUntil !== null).toBe(record.state === 'claimed');
          expect(record.snoozedUntil !== null).toBe(record.state === 'snoozed');
          expect(record.decision !== null && record.effectiveAt !== null).toBe(record.state === 'decided');
          if (record.appliedAt === null && record.state === 'decided') expect(record.decision).toBe('approve');
        }
      }),
    );
  });
});
