import { isKnown, type Reading } from '../model/value.js';
import type { Crowd } from './report.js';

/** What honest people who pay may have in common; of kinds and places, not of persons. */
export const crowdTraits = [
  'account.organization',
  'ip.prefix',
  'ip.asn',
  'ip.country',
  'email.domain',
  'account.path',
] as const;

/** Fewer are no crowd. */
const smallest = 2;
/** Whoever shares something that nearly all share pays no more than others do. */
const moreOften = 1.5;

interface Member {
  readonly held: boolean;
  readonly heldBefore: boolean;
}

/** Texts of traits by number, 0 is none. */
export class TraitValues {
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [''];

  numberOf(reading: Reading): number {
    if (!isKnown(reading)) return 0;
    const text = String(reading);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.push(text) - 1;
    this.numbers.set(text, number);
    return number;
  }

  textOf(number: number): string {
    return this.texts[number] ?? '';
  }

  save(): readonly string[] {
    return this.texts;
  }

  restore(texts: readonly string[]): void {
    for (const text of texts.slice(1)) this.numberOf(text);
  }
}

interface CrowdQuestion {
  readonly trait: string;
  readonly show: (value: number) => string;
  readonly usual: number;
  readonly hasBaseline: boolean;
}

/** Honest accounts by one trait: how many there are, and how many pay. */
export class CrowdTable {
  private readonly groups = new Map<number, { accounts: number; held: number; before: number }>();

  add(value: number, { held, heldBefore }: Member): void {
    if (value === 0) return;
    const group = this.groups.get(value) ?? { accounts: 0, held: 0, before: 0 };
    group.accounts++;
    if (held) group.held++;
    if (heldBefore) group.before++;
    this.groups.set(value, group);
  }

  /** Those that are held more often than honest accounts are on the whole (`usual`, a share). */
  crowds({ trait, show, usual, hasBaseline }: CrowdQuestion): Crowd[] {
    return [...this.groups]
      .filter(([, { accounts, held }]) => held >= smallest && held >= moreOften * usual * accounts)
      .map(([value, { accounts, held, before }]) => ({
        trait,
        value: show(value),
        accounts,
        held,
        ...(hasBaseline ? { held_before: before } : {}),
      }));
  }
}
