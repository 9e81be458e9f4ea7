import type { DecisionRecord } from '../../src/decisions/decision-log.js';
import type { Outcome, VerificationMethod } from '../../src/model/rule.js';
import { toIso } from '../../src/model/time.js';
import type { Value } from '../../src/model/value.js';

export interface RecordParts {
  /** Makes the ids; records with one number are the same event. */
  readonly number: number | string;
  readonly account?: string;
  readonly outcome?: Outcome;
  /** Of a hold phone and business, unless it is said. */
  readonly verify?: readonly VerificationMethod[];
  readonly eventId?: string;
  readonly bodyHash?: string;
  readonly apiKeyId?: string;
  readonly rescore?: boolean;
  readonly occurredAt?: number;
  readonly requestsPerDay?: number;
  readonly ring?: string;
  readonly detectsRing?: boolean;
  readonly firstPaymentAt?: number;
  readonly rescoreAt?: number;
  readonly caseDueAt?: number;
  readonly probationQuota?: number;
  /** Signals and features the rules saw. */
  readonly inputs?: Readonly<Record<string, Value>>;
}

const noon = Date.parse('2026-05-01T12:00:00.000Z');

/** A record to commit, complete and plausible; say only what the test is about. */
export function decisionRecord(parts: RecordParts): DecisionRecord {
  const { number, account = `acct_${number}`, outcome = 'allow', eventId = `evt_${number}` } = parts;
  const fired = outcome === 'allow' ? [] : [reason(outcome)];
  return {
    draft: {
      id: `dec_${String(number).padStart(8, '0')}`,
      event_id: eventId,
      type: parts.apiKeyId === undefined ? 'signup' : 'api_key_created',
      account_id: account,
      outcome,
      score: fired.length === 0 ? 0 : 87.5,
      reasons: fired,
      public_reason: outcome === 'allow' ? null : 'additional_verification_required',
      verify: [...(parts.verify ?? (outcome === 'hold' ? ['phone', 'business'] : []))],
      ring: parts.ring === undefined ? null : { id: parts.ring, size: 12 },
      shadow: [],
      ruleset: { version: '2026-05-01.1', hash: 'sha256:4be1' },
      unknown: ['ip.is_vpn'],
      degraded: [],
      decided_at: toIso(parts.occurredAt ?? noon),
      duration_ms: 3.1,
    },
    bodyHash: parts.bodyHash ?? 'hash',
    occurredAt: parts.occurredAt ?? noon,
    inputs: parts.inputs ?? { 'ip.asn': 64500, 'email.domain': 'mail.example', 'email.is_free': true },
    sealed: `sealed ${number}`,
    salt: `salt ${number}`,
    apiKeyId: parts.apiKeyId,
    requestsPerDay: parts.requestsPerDay ?? 50,
    caseId: `case_${number}`,
    caseDueAt: parts.caseDueAt ?? noon + 86_400_000,
    priority: 87.5,
    rescore: parts.rescore ?? false,
    detectsRing: parts.detectsRing ?? false,
    firstPaymentAt: parts.firstPaymentAt,
    rescoreAt: parts.rescoreAt,
    probationQuota: parts.probationQuota,
  };
}

const reason = (outcome: Outcome) => ({
  code: 'payment.reused',
  rule: `payment-many-accounts-${outcome}`,
  points: 40,
  title: 'Same payment method on 11 accounts',
  evidence: { accounts_per_card_90d: 11 },
});
