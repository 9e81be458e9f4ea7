import { evidenceKinds } from '../model/evidence.js';
import type { FeatureSpec } from '../model/feature.js';
import type { RuleHit } from '../model/rule.js';

/** What a person does not share by chance: a network or a mail domain with one fraudster on it proves nothing alone. */
const strongLinks = new Set([
  ...['device.fingerprint', 'payment.fingerprint', 'phone.number', 'email.address'],
  ...evidenceKinds.map((kind) => `verified.${kind}`),
]);

const countsFraudOnStrongLink = ({ kind, of, by }: FeatureSpec): boolean =>
  kind === 'labelled' && of === 'fraud' && by.some((name) => strongLinks.has(name));

/** Did the hit read a count of accounts known to be fraudulent, over one of these features, and was there one? */
export function restsOnFraudLabel(features: readonly FeatureSpec[]): (hit: RuleHit) => boolean {
  const fraudCounts = new Set(features.filter(countsFraudOnStrongLink).map((spec) => spec.name));
  if (fraudCounts.size === 0) return () => false;
  return ({ evidence }) =>
    Object.entries(evidence).some(([name, value]) => fraudCounts.has(name) && Number(value) >= 1);
}
