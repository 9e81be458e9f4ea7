import { Random } from '../random.js';

type Funding = 'credit' | 'debit' | 'prepaid' | 'virtual' | 'unknown';

/** A range of cards that one bank or card programme issues. */
export interface Issuer {
  readonly bin: string;
  readonly brand: 'visa' | 'mastercard' | 'amex';
  readonly funding: Funding;
  readonly country: string;
}

/**
 * First digits are made up under the schemes' leading digits: what matters is how many people share a range, not whose
 * it is.
 */
function issuerOf(country: string, index: number, funding: Funding, random: Random): Issuer {
  const brand = random.weighted([
    ['visa', 55],
    ['mastercard', 40],
    ['amex', country === 'US' ? 5 : 1],
  ] as const);
  const head = brand === 'visa' ? '4' : brand === 'mastercard' ? `5${1 + (index % 5)}` : '37';
  return { bin: random.fill(head.padEnd(index % 3 === 0 ? 6 : 8, '#')), brand, funding, country };
}

const bankCount = (country: string): number => (country === 'US' ? 120 : 25);
const known = new Map<string, readonly Issuer[]>();

/** Banks of a country, the biggest first; the same in every campaign, as in the world. */
export function banksOf(country: string): readonly Issuer[] {
  const found = known.get(country);
  if (found !== undefined) return found;
  const random = new Random(`banks of ${country}`);
  const banks = Array.from({ length: bankCount(country) }, (_, index) =>
    issuerOf(country, index, random.chance(country === 'US' ? 0.6 : 0.3) ? 'credit' : 'debit', random),
  );
  known.set(country, banks);
  return banks;
}

const programmes: readonly Issuer[] = Array.from({ length: 60 }, (_, index) => {
  const random = new Random(`card programme ${index}`);
  const country = random.pick(['US', 'US', 'US', 'GB', 'DE', 'FR', 'SG', 'IE']);
  return issuerOf(country, index, random.chance(0.7) ? 'virtual' : 'prepaid', random);
});

/** Programmes that issue virtual and prepaid cards to anyone; honest people use the first ones too. */
export const cardProgrammes: readonly Issuer[] = programmes;
