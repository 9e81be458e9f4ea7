import type { Case } from '../model/case.js';
import type { VerificationMethod } from '../model/rule.js';
import type { CaseRecord } from './case-records.js';
import { appealReason } from './queue-views.js';

/** What a case asks for when its rules named nothing. */
const defaultMethods: readonly VerificationMethod[] = ['email'];

/** What somebody who asks for a verification asks for. */
export const methodsToAsk = ({ verify }: Pick<Case, 'verify'>): readonly VerificationMethod[] =>
  verify.length === 0 ? defaultMethods : verify;

/** What a person held, or what is known to be fraud, no verification lifts by itself. */
const heldByPeople: ReadonlySet<string> = new Set(['manual.hold', 'history.fraud_label']);

/** A person has decided `request_verification` of this case. */
export const wasAsked = ({ jobVersion }: Pick<CaseRecord, 'jobVersion'>): boolean => jobVersion > 1;

type Asking = Pick<CaseRecord, 'verify' | 'reason' | 'jobVersion'>;

/** What lifts the hold once all of it has passed; none where a person is to decide. */
export const methodsOf = (found: Asking): readonly VerificationMethod[] =>
  isForPeople(found) ? [] : methodsToAsk(found);

/** An appeal is for a person also when that person asks for a verification: its answer is there to be read. */
const isForPeople = (found: Asking): boolean =>
  found.reason === appealReason || (found.verify.length === 0 && heldByPeople.has(found.reason) && !wasAsked(found));

/** What whoever checks is asked: what lifts the hold, or what a person wants to know. */
export const methodsToCheck = (found: Asking): readonly VerificationMethod[] =>
  wasAsked(found) ? methodsToAsk(found) : methodsOf(found);
