import type { Evidence } from '../model/evidence.js';
import type { RingTrace } from '../model/ring.js';
import type { Instant } from '../model/time.js';

/** What one passed verification showed. */
export interface EvidenceRecord {
  /** Of the verification. */
  readonly id: string;
  readonly accountId: string;
  readonly at: Instant;
  readonly evidence: Evidence;
}

/** Port: passed verifications as the truth keeps them; those that were refused because many showed the same included. */
export interface EvidenceHistory {
  get(id: string): Promise<EvidenceRecord | undefined>;
  /** Other accounts that showed one of the same phones, documents, payment methods; the newest first. */
  sharing(record: EvidenceRecord, limit: number): Promise<readonly string[]>;
  /** Oldest first, behind a place. */
  page(after: Pick<EvidenceRecord, 'at' | 'id'>, limit: number): Promise<readonly EvidenceRecord[]>;
}

/** Port: what verifications bring to the rings; the same again changes nothing. */
export interface EvidenceTraces {
  keep(record: EvidenceRecord, trace: RingTrace): Promise<void>;
}
