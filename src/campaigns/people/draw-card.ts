import type { Event } from '../../model/event.js';
import type { Random } from '../random.js';
import { banksOf, cardProgrammes, type Issuer } from '../world/issuers.js';

export type Card = NonNullable<Event['payment']>;

export const cardOf = ({ bin, brand, funding, country }: Issuer, random: Random): Card => ({
  fingerprint: random.fill('pm_~~~~~~~~x~~~~~~~~'),
  bin,
  brand,
  funding,
  country,
});

/** Share of honest people who pay with a virtual or prepaid card. */
const programmeShare = 0.05;

/** An honest person's card: mostly of a big bank at home. */
export function drawCard(country: string, random: Random): Card {
  if (random.chance(programmeShare))
    return cardOf(cardProgrammes[random.zipf(12)] ?? random.pick(cardProgrammes), random);
  const banks = banksOf(country);
  return cardOf(banks[random.zipf(banks.length)] ?? random.pick(banks), random);
}
