import { mobileExit, sharedExit } from '../people/draw-address.js';
import { type Card, cardOf } from '../people/draw-card.js';
import { acceptLanguageOf, atAnotherForm, type Device, drawDevice, withOwnFingerprint } from '../people/draw-device.js';
import { drawName, writeMailbox } from '../people/draw-mail.js';
import type { Random } from '../random.js';
import { type Country, countryWeights } from '../world/countries.js';
import { banksOf, cardProgrammes, type Issuer } from '../world/issuers.js';
import { words } from '../world/names.js';
import { addressIn, type Network } from '../world/network.js';
import { usualPrograms } from '../world/programs.js';
import { rentedBlock, rentedBlockCount } from '../world/rented-blocks.js';
import { hosting, vpnExits } from '../world/shared-networks.js';
import { throwAwayMail } from '../world/throw-away-mail.js';
import type { Style } from './draw-style.js';
import type { ExitKind } from './style.js';

/**
 * Hands out one thing until it has been used about `times` times, then makes the next. Several are in use at once, so
 * that accounts which share something do not follow each other.
 */
function usedUp<T>(make: (random: Random) => T, { times, lanes }: Reuse): (random: Random) => T {
  const current = new Map<number, { readonly thing: T; left: number }>();
  return (random) => {
    const lane = random.int(lanes);
    const open = current.get(lane);
    if (open !== undefined && open.left > 0) {
      open.left--;
      return open.thing;
    }
    const thing = make(random);
    current.set(lane, { thing, left: Math.max(1, Math.round(random.between(0.5, 1.5) * times)) - 1 });
    return thing;
  };
}

interface Reuse {
  readonly times: number;
  /** Things in use at the same time. */
  readonly lanes: number;
}

const pool = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => make(index));

interface Exit {
  readonly country: Country;
  readonly address: string;
}

interface FarmParts {
  readonly style: Style;
  /** Countries that the operator pretends to be in. */
  readonly markets: readonly Country[];
}

/** Countries in which one operator buys proxies. */
export const marketsOf = (style: Style, random: Random): readonly Country[] =>
  pool(style.exits.countries, () => random.weighted(countryWeights));

/** The proxies of one operator. */
export function exitsOf({ style, markets }: FarmParts, random: Random): (random: Random) => Exit {
  const home = addressIn(random.pick(random.weighted(countryWeights).home), random);
  const rented = (country: Country, draw: Random): Network => rentedBlock(country, draw.int(rentedBlockCount(country)));
  const clumps = pool(6, () => rented(random.pick(markets), random));
  const addressOf: Record<ExitKind, (country: Country, draw: Random) => string> = {
    residential: (country, draw) =>
      addressIn(draw.chance(style.exits.clumped) ? draw.pick(clumps) : rented(country, draw), draw),
    mobile: mobileExit,
    hosting: (_, draw) => addressIn(draw.pick(hosting), draw),
    vpn: (_, draw) => sharedExit(vpnExits, 300, draw),
    own: () => home,
  };
  return usedUp(
    (draw) => {
      const country = draw.pick(markets);
      return { country, address: addressOf[draw.weighted(style.exits.kinds)](country, draw) };
    },
    { times: style.exits.accountsPerAddress, lanes: random.whole(1, 12) },
  );
}

/** Machines of the farm: few images, fingerprints that are reset now and then, and what is spoofed on top. */
export function machinesOf(style: Style, at: number, random: Random): (exit: Exit, draw: Random) => Device | undefined {
  const { devices } = style;
  const home = random.weighted(countryWeights);
  const images = pool(devices.templates, () => drawDevice({ at, country: home, kinds: farmMachines }, random));
  const reset = images.map((image) =>
    usedUp((draw): Device => withOwnFingerprint(image, draw), { times: devices.accountsPerFingerprint, lanes: 1 }),
  );
  return ({ country }, draw) => {
    if (draw.chance(devices.none)) return undefined;
    const bought = draw.chance(devices.unique);
    const next = reset[draw.zipf(reset.length)];
    const machine =
      bought || next === undefined ? withOwnFingerprint(drawDevice({ at, country }, draw), draw) : next(draw);
    const placed = draw.chance(devices.localised) ? localised(machine, country, draw) : machine;
    const spoofed = draw.chance(devices.contradicting) ? contradicting(placed, draw) : placed;
    return atAnotherForm(spoofed, draw);
  };
}

const farmMachines = [
  ['windows-chrome', 6],
  ['linux-chrome', 2],
  ['mac-chrome', 1],
  ['android', 3],
] as const;

function localised(machine: Device, country: Country, draw: Random): Device {
  const languages = [...draw.weighted(country.languages)];
  const device = { ...machine.device, timezone: draw.pick(country.zones), languages };
  return { ...machine, device, acceptLanguage: acceptLanguageOf(languages) };
}

/** What spoofing tools get wrong: another platform, a server's graphics, a phone without touch, a program's handshake. */
function contradicting(machine: Device, draw: Random): Device {
  const wrong = draw.pick([
    { platform: machine.device.platform === 'Win32' ? 'Linux x86_64' : 'Win32' },
    { gpu: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)' },
    { ja4: 't12d290400_11b08e233c4b_017f05e53f6d' },
    { webdriver: true },
  ]);
  return { ...machine, device: { ...machine.device, ...wrong } };
}

/** Cards of few ranges; a share is what the payment provider knows to be virtual. */
export function cardsOf({ style, markets }: FarmParts, random: Random): (exit: Exit, draw: Random) => Card | undefined {
  const { cards, devices } = style;
  const lanes = random.whole(1, 8);
  const sources = pool(cards.bins, () => {
    const bought = random.chance(cards.flagged) ? cardProgrammes : banksOf(random.pick(markets).code);
    const issuer = random.pick<Issuer>(bought);
    return { issuer, next: usedUp((draw) => cardOf(issuer, draw), { times: cards.accountsPerCard, lanes }) };
  });
  return ({ country }, draw) => {
    if (draw.chance(cards.none)) return undefined;
    const local = draw.chance(devices.localised) ? sources.filter(({ issuer }) => issuer.country === country.code) : [];
    const choices = local.length > 0 ? local : sources;
    return (choices[draw.zipf(choices.length)] ?? draw.pick(choices)).next(draw);
  };
}

/** How names are made: one pattern keeps one shape. */
const patterns: readonly ((random: Random) => string)[] = [
  (random) => random.fill('********'),
  (random) => random.fill('**********##'),
  (random) => `${drawName('english', random).given}${random.fill('####')}`,
  (random) => `${drawName('english', random).given}${drawName('english', random).family}${random.fill('###')}`,
  (random) => `${drawName('chinese', random).family}.${drawName('chinese', random).given}${random.fill('#####')}`,
  (random) => `${random.pick(words)}${random.pick(words)}${random.fill('##')}`,
  (random) => `${random.pick(words)}_${random.fill('###')}`,
  (random) => `${drawName('english', random).given[0]}${drawName('english', random).family}${random.fill('##')}`,
];

const freeMail = ['gmail.com', 'outlook.com', 'hotmail.com', 'proton.me', 'gmx.com', 'yahoo.com', 'mail.ru'];

const ownDomain = (random: Random): string => {
  const tld = random.pick(['com', 'net', 'top', 'xyz', 'online', 'site', 'info']);
  return `${random.pick(words)}${random.fill('**')}${random.pick(words)}.${tld}`;
};

/** Mailboxes; a style without patterns writes names and picks providers as people of the country do. */
export function mailOf(style: Style, random: Random): (exit: Exit, draw: Random) => string | undefined {
  const { domains, patterns: used } = style.mail;
  const own = pool(domains, () => ownDomain(random));
  const known = pool(Math.min(domains, throwAwayMail.length), (index) => throwAwayMail[index] ?? 'mailinator.com');
  const free = pool(random.whole(1, 3), () => random.pick(freeMail));
  const made = pool(Math.max(1, used), () => random.pick(patterns));
  return ({ country }, draw) => {
    const kind = draw.weighted(style.mail.kinds);
    if (kind === 'none') return undefined;
    const human = (): string => writeMailbox(drawName(draw.weighted(country.cultures), draw), draw);
    const local = used === 0 ? human() : draw.pick(made)(draw);
    const provider = used === 0 ? draw.weighted(country.mail) : draw.pick(free);
    return `${local}@${kind === 'free' ? provider : draw.pick(kind === 'catch-all' ? own : known)}`;
  };
}

/** Numbers in blocks of ten thousand, as rented SIM banks have them. */
export function phonesOf({ style, markets }: FarmParts, random: Random): (draw: Random) => string | undefined {
  const blocks = pool(style.phones.blocks, () => {
    const pattern = random.pick(markets).phone;
    return `${random.fill(pattern.slice(0, -4))}####`;
  });
  return (draw) => (draw.chance(style.phones.share) ? draw.fill(draw.pick(blocks)) : undefined);
}

/** Addresses of the program that spreads the traffic of all accounts: where a pool's keys are really used. */
export function gatewayOf(random: Random): { addressAt: (draw: Random) => string; ja4: string } {
  const addresses = pool(random.logBetween(1, 30), () => addressIn(random.pick(hosting), random));
  const ja4 = random.chance(0.6) ? random.weighted(usualPrograms) : random.fill('t13d1#1#00_~~~~~~~~~~~~_~~~~~~~~~~~~');
  return { addressAt: (draw) => draw.pick(addresses), ja4 };
}
