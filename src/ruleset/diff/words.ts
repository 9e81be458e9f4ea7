import type { FeatureSpec } from '../../model/feature.js';

const units: readonly (readonly [milliseconds: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** `90 days`; the largest unit that leaves no rest. */
export function durationText(milliseconds: number): string {
  for (const [size, name] of units)
    if (milliseconds >= size && milliseconds % size === 0) return counted(milliseconds / size, name);
  return `${milliseconds} ms`;
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const percentText = (share: number): string => `${Math.round(share * 10_000) / 100} %`;

export const numberText = (value: number): string => String(Math.round(value * 100) / 100);

/** `1 account`, `3 accounts`: of a noun in the plural. */
export const ofNoun = (value: number, plural: string): string =>
  value === 1 ? `1 ${plural.replace(/(x|ss)es$/, '$1').replace(/([^s])s$/, '$1')}` : `${value} ${plural}`;

/** The first few of a list, and how many more there are. */
export function someOf(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** What a feature's number counts: `accounts`. Empty where that is no plain noun. */
export function nounOf({ kind, of }: FeatureSpec): string {
  if (kind === 'count') return 'events';
  if (kind === 'labelled' || kind === 'trusted') return 'accounts';
  if (kind === 'age') return 'seconds';
  if (kind !== 'distinct') return '';
  return nouns[of] ?? 'values';
}

const nouns: Readonly<Record<string, string>> = {
  'account.id': 'accounts',
  'device.fingerprint': 'devices',
  'payment.fingerprint': 'cards',
  'phone.number': 'phone numbers',
  'email.address': 'mailboxes',
  'ip.address': 'addresses',
  'ip.prefix': 'networks',
};
