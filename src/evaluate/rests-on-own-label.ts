import type { FeatureSpec } from '../model/feature.js';
import type { RuleHit } from '../model/rule.js';

/** Did the hit read a label of fraud on this very account? No allow-list lifts what such a hit says. */
export function restsOnOwnLabel(features: readonly FeatureSpec[]): (hit: RuleHit) => boolean {
  const own = features.filter(({ kind, of, by }) => kind === 'labelled' && of === 'fraud' && by.includes('account.id'));
  const names = own.map(({ name }) => name);
  return ({ evidence }) => names.some((name) => Number(evidence[name] ?? 0) >= 1);
}
