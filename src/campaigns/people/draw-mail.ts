import type { Random } from '../random.js';
import type { Country } from '../world/countries.js';
import { type Culture, namesOfCulture, words } from '../world/names.js';

interface PersonName {
  readonly given: string;
  readonly family: string;
}

export function drawName(culture: Culture, random: Random): PersonName {
  const { given, family } = namesOfCulture(culture);
  return { given: random.pick(given), family: random.pick(family) };
}

type Writer = (name: PersonName, random: Random) => string;

const year = (random: Random): string => String(random.whole(1965, 2007));
const two = (random: Random): string => String(random.whole(1, 99)).padStart(2, '0');

/** How people write their own name as a mailbox, and how often. */
const writers: readonly (readonly [Writer, number])[] = [
  [({ given, family }) => `${given}.${family}`, 16],
  [({ given, family }) => `${given}${family}`, 14],
  [({ given, family }, random) => `${given}.${family}${two(random)}`, 12],
  [({ given, family }, random) => `${given}${family}${two(random)}`, 10],
  [({ given, family }) => `${given[0]}${family}`, 7],
  [({ given, family }, random) => `${given[0]}.${family}${random.chance(0.4) ? two(random) : ''}`, 6],
  [({ given, family }, random) => `${given}${family[0]}${year(random)}`, 6],
  [({ given }, random) => `${given}${random.whole(1, 9999)}`, 6],
  [({ family, given }) => `${family}.${given}`, 5],
  [({ given, family }) => `${given}_${family}`, 4],
  [({ given }, random) => `${given}.${random.pick(words)}${random.chance(0.5) ? two(random) : ''}`, 5],
  [(_, random) => `${random.pick(words)}${random.pick(words)}${random.chance(0.6) ? two(random) : ''}`, 5],
  [({ given, family }, random) => `${given}.${family}.${random.pick(['dev', 'mail', 'work', 'ai', 'home'])}`, 4],
  [({ given, family }, random) => `${given}.${random.fill('*')}.${family}`, 2],
];

export const writeMailbox = (name: PersonName, random: Random): string => random.weighted(writers)(name, random);

/** A company, its mail domain, and how it writes its people's mailboxes. */
export interface Company {
  readonly name: string;
  readonly domain: string;
}

export function drawCompany(country: Country, random: Random): Company {
  const [first, second] = [random.pick(words), random.pick(words)];
  const title = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
  const tail = random.pick(['Labs', 'Software', 'Studio', 'Systems', 'Consulting', 'Works', 'Group', 'Technologies']);
  const digits = random.chance(0.3) ? random.fill('##') : '';
  return { name: `${title(first)} ${title(second)} ${tail}`, domain: `${first}${second}${digits}.${country.tld}` };
}

export const workMailbox = ({ given, family }: PersonName, style: number, random: Random): string =>
  [`${given}.${family}`, `${given[0]}${family}`, given, `${given}${family[0]}`][style % 4] ?? random.fill('********');

const relayDomains: readonly (readonly [string, number])[] = [
  ['privaterelay.appleid.com', 5],
  ['duck.com', 2],
  ['mozmail.com', 2],
  ['simplelogin.com', 1],
];

/** Mail that a relay makes up: honest people's, and it looks generated. */
export function relayMail(random: Random): string {
  const domain = random.weighted(relayDomains);
  return `${random.fill(domain === 'duck.com' ? '*****-*****-*****' : '**********')}@${domain}`;
}
