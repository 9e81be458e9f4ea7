import type { VerificationRecord } from '../../cases/case-records.js';
import type { EvidenceHistory, EvidenceRecord } from '../../evaluate/evidence-history.js';
import { type Evidence, identifyingKinds } from '../../model/evidence.js';
import { isProof } from '../../verification/evidence-of.js';
import type { MemoryTruth } from './memory-truth.js';

type Proof = EvidenceRecord & Pick<VerificationRecord, 'state'>;

/** What verifications showed, in the maps of the truth: looked through each time, there are few. */
export class MemoryEvidenceHistory implements EvidenceHistory {
  constructor(private readonly truth: MemoryTruth) {}

  async get(id: string): Promise<EvidenceRecord | undefined> {
    return this.proofs().find((proof) => proof.id === id);
  }

  async page(after: Pick<EvidenceRecord, 'at' | 'id'>, limit: number): Promise<readonly EvidenceRecord[]> {
    const later = this.proofs().filter(({ at, id }) => at > after.at || (at === after.at && id > after.id));
    return later.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  async sharing({ accountId, evidence }: EvidenceRecord, limit: number): Promise<readonly string[]> {
    return this.othersWith(accountId, evidence).slice(0, limit);
  }

  /** As many other accounts as showed the same of one kind, where it were `most` or more. */
  async sharedBy(accountId: string, evidence: Evidence, most: number): Promise<number | undefined> {
    const counts = identifyingKinds(evidence).map(
      (kind) => this.othersWith(accountId, { [kind]: evidence[kind] ?? '' }).length,
    );
    const shared = Math.max(0, ...counts);
    return shared >= most ? shared : undefined;
  }

  private othersWith(accountId: string, evidence: Evidence): string[] {
    const kinds = identifyingKinds(evidence);
    const shared = this.proofs().filter(
      (proof) => proof.accountId !== accountId && kinds.some((kind) => proof.evidence[kind] === evidence[kind]),
    );
    return [...new Set(shared.sort((a, b) => b.at - a.at).map((proof) => proof.accountId))];
  }

  private proofs(): Proof[] {
    return [...this.truth.verifications.values()].flat().flatMap((row) => {
      if (!isProof(row) || row.finishedAt === null || Object.keys(row.evidence).length === 0) return [];
      const { id, accountId, evidence, state } = row;
      return [{ id, accountId, at: row.finishedAt, evidence, state }];
    });
  }
}
