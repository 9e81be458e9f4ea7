import type { VerificationRecord } from '../cases/case-records.js';
import { type Problem, problem } from '../model/problem.js';
import type { VerificationResult } from './verification-result.js';

type Answer = Pick<VerificationResult, 'method' | 'result' | 'evidence'>;

const mismatch = (detail: string): Problem =>
  problem('idempotency_mismatch', { detail, errors: [{ pointer: '/request_id', detail: 'already used' }] });

export const ofAnotherAccount = (): Problem =>
  mismatch('This request_id was used for another account; send a new request_id, or none.');

/** An id stands for one answer; undefined for the same again, and while the question is open or no longer is. */
export function mismatchOf(asked: VerificationRecord, given: Answer): Problem | undefined {
  if (asked.method !== given.method) return mismatch('This request_id was used for another method.');
  if (asked.state === 'requested' || asked.state === 'expired') return undefined;
  // A proof that counts as failed because others had shown the same was told as passed.
  const said = asked.sharedBy === undefined ? asked.state : 'passed';
  if (said === given.result && isSameEvidence(asked.evidence, given.evidence)) return undefined;
  return mismatch(
    'This request_id was recorded with another result or other evidence; send a new request_id, or none.',
  );
}

function isSameEvidence(a: Answer['evidence'], b: Answer['evidence']): boolean {
  const kinds = Object.keys(a);
  return kinds.length === Object.keys(b).length && kinds.every((kind) => a[kind] === b[kind]);
}
