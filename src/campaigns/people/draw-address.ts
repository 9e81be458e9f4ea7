import type { Random } from '../random.js';
import type { Country } from '../world/countries.js';
import { addressIn, exitOf, type Network } from '../world/network.js';
import type { AddressAt } from './account.js';

/** One line at home, or now and then the neighbouring address that the carrier gives next. */
export function homeLine(country: Country, random: Random): AddressAt {
  const line = addressIn(random.pick(country.home), random);
  return () => line;
}

/** Exits of a carrier's address translation: few, and the same ones for very many people. */
const exitsPerCarrier = 512;

export function mobileExit(country: Country, random: Random): string {
  return exitOf(random.pick(country.mobile), random.zipf(exitsPerCarrier));
}

/** A phone changes its exit with every connection. */
export const mobileLine =
  (country: Country): AddressAt =>
  (random) =>
    mobileExit(country, random);

/** Rented exits: a few hundred servers, many customers on each. */
export const sharedExit = (networks: readonly Network[], exits: number, random: Random): string =>
  exitOf(random.pick(networks), random.zipf(exits));
