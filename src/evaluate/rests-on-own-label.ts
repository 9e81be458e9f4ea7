import type { FeatureSpec } from '../model/feature.js';
import { own } from '../model/own.js';
import type { RuleHit } from '../model/rule.js';

/** Did the hit read a label of fraud on this very account? No allow-list lifts what such a hit says. */
export function restsOnOwnLabel(features: readonly FeatureSpec[]): (hit: RuleHit) => boolean {
  const labels = features.filter(
    ({ kind, of, by }) => kind === 'labelled' && of === 'fraud' && by.includes('account.id'),
  );
  const names = labels.map(({ name }) => name);
  return ({ evidence }) => names.some((name) => Number(own(evidence, name) ?? 0) >= 1);
}
