import type { CaseChange } from '../cases/review-queue.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';

export interface VerificationResult {
  readonly accountId: string;
  readonly method: VerificationMethod;
  /** What a machine asked under; the same answer under it again changes nothing, another one is refused. */
  readonly requestId?: string | undefined;
  readonly result: 'passed' | 'failed';
  /** Identifiers, hashed before they come here, by kind. */
  readonly evidence: Readonly<Record<string, string>>;
  /** So many other accounts were verified with the same identifier: more than one may; the proof is none. */
  readonly sharedBy?: number | undefined;
  readonly actor: string;
  readonly now: Instant;
}

/** Port: one transaction; held accounts are admitted once every method their case asks for has passed. */
export type RecordVerification = (result: VerificationResult) => Promise<Result<CaseChange, Problem>>;
