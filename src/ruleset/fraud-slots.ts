import { evidenceKinds } from '../model/evidence.js';
import type { FeatureSpec } from '../model/feature.js';
import type { RuleDeclaration } from './rule-declaration.js';

/** What a person does not share by chance: a network or a mail domain with one fraudster on it proves nothing alone. */
const strongLinks = new Set([
  ...['device.fingerprint', 'payment.fingerprint', 'phone.number', 'email.address'],
  ...evidenceKinds.map((kind) => `verified.${kind}`),
]);

/** Where counts of accounts known to be fraudulent lie that a rule's condition or points read. */
export interface FraudSlots {
  /** Counted over what a person does not share by chance. */
  readonly onStrongLinks: readonly number[];
  /** Labels of the very account. */
  readonly onAccount: readonly number[];
}

export function fraudSlots({ when, points }: RuleDeclaration, features: readonly FeatureSpec[]): FraudSlots {
  const counts = features.filter(({ kind, of }) => kind === 'labelled' && of === 'fraud');
  const slotsOver = (isMeant: (signal: string) => boolean): number[] => {
    const names = new Set(counts.filter(({ by }) => by.some(isMeant)).map(({ name }) => name));
    const slots = [...when.reads, ...points.reads].flatMap(({ name, slot }) => (names.has(name) ? [slot] : []));
    return [...new Set(slots)];
  };
  return {
    onStrongLinks: slotsOver((signal) => strongLinks.has(signal)),
    onAccount: slotsOver((signal) => signal === 'account.id'),
  };
}
