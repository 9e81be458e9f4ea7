import type { VerificationRecord } from '../cases/case-records.js';
import type { Evidence } from '../model/evidence.js';

type Row = Pick<VerificationRecord, 'state' | 'sharedBy' | 'evidence' | 'finishedAt'>;

/** Whoever checks it said that the account has this phone or document, even where that proved nothing any more. */
export const isProof = ({ state, sharedBy }: Pick<Row, 'state' | 'sharedBy'>): boolean =>
  state === 'passed' || sharedBy !== undefined;

/** What an account was verified with, the latest of each kind; rows are oldest first. */
export function evidenceOf(rows: readonly Row[]): Evidence {
  const proofs = rows.filter(isProof).sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
  return Object.assign({}, ...proofs.map(({ evidence }) => evidence));
}
