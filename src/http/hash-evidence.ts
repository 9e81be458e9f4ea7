import { canonicalMailbox } from '../lists/canonical-mailbox.js';
import { canonicalPhone } from '../lists/canonical-phone.js';
import type { HashIdentifier } from '../model/entity.js';
import { plainFingerprint } from '../model/fingerprint.js';
import type { CardExemptions } from '../model/inspect-json.js';
import { own } from '../model/own.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';

const trimmed = (value: string): string => value.trim();
const fingerprint = (value: string): string => plainFingerprint(value) ?? '';

/** The forms under which the same identifier is met in events: `phone.number`, `email.address` and so on. */
const normalise: Readonly<Record<string, (value: string) => string>> = {
  phone: (value) => canonicalPhone(value.trim()) ?? '',
  email: (value) => canonicalMailbox(value) ?? value.trim().toLowerCase(),
  document: (value) => value.replace(/[\s-]/g, '').toUpperCase(),
  device: fingerprint,
  payment: fingerprint,
};

const kindOf = (kind: string): ((value: string) => string) => own(normalise, kind) ?? trimmed;

/** The signals that hold the same identifiers in events: the hash must come out the same. */
const signalOf: Readonly<Record<string, string>> = {
  phone: 'phone.number',
  email: 'email.address',
  device: 'device.fingerprint',
  payment: 'payment.fingerprint',
};

/** Blanks and dashes alone name nobody, and would join everybody who sent them. */
const namesSomething = (value: string): boolean => /[\p{L}\p{N}]/u.test(value);

const wrong = (kind: string, detail: string) =>
  err(problem('invalid', { errors: [{ pointer: `/evidence/${kind}`, detail }] }));

/** A document's number may have as many digits as a card's. */
export const evidenceCards: CardExemptions = {
  ids: new Set(['/request_id']),
  phones: new Set(['/evidence/phone']),
  documents: new Set(['/evidence/document']),
};

/** Raw identifiers end here: what goes on is a keyed hash by kind. */
export function hashEvidence(
  evidence: Readonly<Record<string, string>>,
  hash: HashIdentifier,
): Result<Record<string, string>, Problem> {
  const hashed: Record<string, string> = {};
  for (const [kind, raw] of Object.entries(evidence)) {
    const value = kindOf(kind)(raw);
    if (kind === 'phone' && value === '') return wrong(kind, 'expected E.164, such as "+15551234567"');
    if (!namesSomething(value)) return wrong(kind, 'expected at least one letter or digit, got none');
    hashed[kind] = hash(own(signalOf, kind) ?? kind, value);
  }
  return ok(hashed);
}
