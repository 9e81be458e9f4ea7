/** What a passed verification may show, and rules read as `verified.phone` and so on. Always hashed. */
export const evidenceKinds = ['phone', 'document', 'email', 'payment', 'business'] as const;
type EvidenceKind = (typeof evidenceKinds)[number];

/** Keyed hashes by kind; kinds that no rule can name are kept with the verification and nowhere else. */
export type Evidence = Readonly<Record<string, string>>;

/** Of signals that only a passed verification gives: `verified.phone`. */
const evidenceGroup = 'verified.';

/** True for a feature or link that is made of what accounts were verified with. */
export const readsEvidence = (signals: readonly string[]): boolean =>
  signals.some((name) => name.startsWith(evidenceGroup));

/** What one person has one of, or few; an e-mail address proves the mailbox only, and accounts may share it. */
const identifying: ReadonlySet<string> = new Set<EvidenceKind>(['phone', 'document', 'payment']);

export const identifyingKinds = (evidence: Evidence): readonly string[] =>
  Object.keys(evidence).filter((kind) => identifying.has(kind));
