import { readsEvidence } from '../model/evidence.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import type { RuleHit } from '../model/rule.js';

/** Did the hit read what accounts were verified with, or a count over it? */
export function restsOnEvidence(features: readonly FeatureSpec[]): (hit: RuleHit) => boolean {
  const counts = features.filter(({ by, of }) => readsEvidence([...by, of])).flatMap(featureInputs);
  return ({ evidence }) => readsEvidence(Object.keys(evidence)) || counts.some((name) => Object.hasOwn(evidence, name));
}
